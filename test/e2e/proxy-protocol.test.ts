import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Host, makeFile, SocketAgent, sha256 } from '../../lab/index.ts';
import { parseAddress } from '../../src/config/index.ts';
import { healthOf, untilChecked } from '../support/health.ts';
import { configOf, FAMILIES, type Family, useScene } from '../support/index.ts';
import {
  headerProxies,
  loseFirst,
  loseNoMore,
  PORTS,
  type Receivers,
  startReceivers,
} from '../support/proxy-protocol.ts';
import { getByName } from '../support/sni.ts';

const FILE_BYTES = 5_000_000;
/** Of a header that names `a.example`, as an IP packet, over IPv4 and IPv6. */
const LENGTHS_WITH_NAME = [80, 124] as const;
/** Of a pool of two in turn, each gets half. */
const TURNS = 4;

/** Runs curl from a client to an address of the balancer; tells the client's port behind the answer. */
function curl(client: Host, address: string, path: string, more: readonly string[] = []) {
  const host = address.includes(':') ? `[${address}]` : address;
  return client.exec(['curl', '-sS', '--max-time', '30', ...more, `http://${host}${path}`]);
}

/** Segments that a host has sent again. */
async function sentTwice(host: Host): Promise<number> {
  const text = await host.run(['nstat', '-asz', 'TcpRetransSegs']);
  return Number(/TcpRetransSegs\s+(\d+)/.exec(text)?.[1]);
}

/** An address as nginx and HAProxy write it. */
function shortest(address: string): string {
  const parsed = parseAddress(address);
  return 'problem' in parsed ? address : parsed.text;
}

describe.each([
  { attach: 'native', offloads: 'off', mode: 'nat' },
  { attach: 'tc', offloads: 'on', mode: 'snat' },
] as const)(
  'targets with the PROXY protocol ($attach, offloads $offloads, $mode)',
  ({ attach, offloads, mode }) => {
    let receivers: Receivers;
    const targetRoute = mode === 'snat' ? 'none' : 'balancer';
    const scene = useScene({ targets: 3, offloads, targetRoute }, async (scene) => {
      receivers = await startReceivers(scene);
      await scene.start(configOf(headerProxies(scene, mode), { attach, healthCheckEnabled: true }));
    });
    const seenBy = (client: Host, family: Family) => (mode === 'nat' ? client[family] : expect.anything());

    it.each(FAMILIES)('get it, and others of their pool do not (%s)', async (family) => {
      const { lab } = scene;
      const client = lab.client();
      const answers: string[] = [];
      for (let turn = 0; turn < TURNS; turn++) {
        const { stdout } = await curl(client, lab.balancer[family], '/', ['-w', '%{local_port}']);
        answers.push(stdout);
      }
      const [header, plain] = ['target1', 'target3'].map((name) =>
        answers.filter((answer) => answer.startsWith(`${name} `)),
      );
      expect(header).toHaveLength(TURNS / 2);
      for (const answer of header ?? []) {
        const [, address, port, own] = answer.split(/\s/);
        expect([address, port]).toEqual([client[family], own]);
      }
      expect(plain).toHaveLength(TURNS / 2);
      expect(plain?.map((answer) => answer.split(' ')[1])).toEqual([
        seenBy(client, family),
        seenBy(client, family),
      ]);
    });

    it.each(FAMILIES)('learn the address that the client has connected to (%s)', async (family) => {
      const { lab } = scene;
      const address = lab.balancer[family];
      const answers = [];
      for (const _ of [1, 2]) {
        answers.push((await curl(lab.client(), address, '/header', ['-w', '%{local_port}'])).stdout);
      }
      const [first = '', port] =
        answers.find((answer) => answer.startsWith(lab.client()[family]))?.split('\n') ?? [];
      expect(first).toBe(`${lab.client()[family]} ${port} ${shortest(address)} ${PORTS.web}`);
    });

    it.each(FAMILIES)(
      'behind names learn the name as well, and TLS 1.3 goes through them (%s)',
      async (family) => {
        const { lab } = scene;
        for (const name of ['a.example', 'b.example']) {
          const result = await getByName(scene, family, name, { moreHelloBytes: 1600 });
          expect(result).toMatchObject({ verified: true, version: 'TLSv1.3', error: null });
          const [target, client, , listener, port, asked] = result.body.trim().split(' ');
          expect([target, client, listener, port, asked]).toEqual([
            'target2',
            lab.client()[family],
            shortest(lab.balancer[family]),
            String(PORTS.tls),
            name,
          ]);
        }
      },
    );

    it.each(FAMILIES)(
      'behind names get it again when it was lost, and the client need not send anything twice (%s)',
      async (family) => {
        const { lab, balancer } = scene;
        const [client, target] = [lab.client(), lab.target(1)];
        const again = async () => (await balancer.reasons())['tc_ingress/replayed'] ?? 0;
        // The client's patience is longer than the test.
        await client.run(['ip', 'route', 'add', lab.balancer[family], 'dev', 'eth0', 'rto_min', '20s']);
        await loseFirst(target, PORTS.tls, LENGTHS_WITH_NAME);
        const before = { replayed: await again(), sentTwice: await sentTwice(client) };
        const { error, body } = await getByName(scene, family, 'a.example', { moreHelloBytes: 1600 });
        expect(error).toBeNull();
        expect(body.trim().split(' ')[1]).toBe(client[family]);
        expect(await again()).toBe(before.replayed + 2);
        expect(await sentTwice(client)).toBe(before.sentTwice);
        await loseNoMore(target);
        await client.run(['ip', 'route', 'del', lab.balancer[family], 'dev', 'eth0']);
      },
    );

    it.each(FAMILIES)('may speak first (%s)', async (family) => {
      const { lab } = scene;
      await using agent = new SocketAgent(lab.client());
      const conversation = await agent.connect({ address: lab.balancer[family], port: PORTS.banner });
      expect(await conversation.line()).toBe('target2');
      expect(await conversation.ask('it is you')).toBe('it is you');
      await conversation.end();
    });

    it.each(FAMILIES)('that nobody listens at are refused at once (%s)', async (family) => {
      const { lab } = scene;
      await using agent = new SocketAgent(lab.client());
      const conversation = agent.begin({ address: lab.balancer[family], port: PORTS.closed });
      expect(await conversation.closed()).toBe('ECONNREFUSED');
    });

    it('get files whole, and give them so', async () => {
      const { lab } = scene;
      const file = await makeFile(lab.target(), 'big', FILE_BYTES);
      const copy = join(lab.directory, 'copy');
      for (const turn of [1, 2]) {
        const down = await curl(lab.client(), lab.balancer.v6, '/files/big', ['-o', copy]);
        expect(down.stderr).toBe('');
        expect(await sha256(copy)).toBe(file.sha256);
        const up = await curl(lab.client(), lab.balancer.v4, `/upload/up${turn}`, ['-T', file.path]);
        expect(up.stderr).toBe('');
      }
      const stored = await Promise.allSettled(
        [1, 2].map((turn) => receivers.nginx.uploadSha256(`up${turn}`)),
      );
      expect(stored.filter((each) => each.status === 'fulfilled').map((each) => each.value)).toEqual([
        file.sha256,
      ]);
    });

    it('are checked with a header of the balancer itself', async () => {
      await untilChecked(scene.balancer);
      for (const proxy of ['web-v4', 'web-v6', 'tls-v4', 'tls-v6', 'banner-v4']) {
        const statuses = (await healthOf(scene.balancer, proxy)).map(({ status }) => status);
        expect(new Set(statuses), proxy).toEqual(new Set(['healthy']));
      }
    });
  },
);
