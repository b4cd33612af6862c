import { describe, expect, it } from 'vitest';
import { listensOnTcp, makeFile, SocketAgent, startNginx, startTcpEcho, until } from '../../lab/index.ts';
import { bothFamilies, configOf, FAMILIES, useScene } from '../support/index.ts';

const CLIENT_PORT = 40_000;
const FILE_BYTES = 5 * 1024 * 1024;

describe.each([
  { attach: 'tc', offloads: 'on' },
  { attach: 'native', offloads: 'off' },
] as const)('a TCP connection, attach $attach', ({ attach, offloads }) => {
  const scene = useScene({ targets: 2, offloads }, async (scene) => {
    const { lab } = scene;
    for (const target of lab.targets) await Promise.all([startNginx(target), startTcpEcho(target)]);
    const proxies = [80, 7, 8, 9].flatMap((port) => bothFamilies(lab, { name: `port ${port} v`, port }));
    await scene.start(configOf(proxies, { attach, synTimeoutSec: 1, closingTimeoutSec: 1 }));
  });

  /** Does something `count` times in a row; returns how many SYNs of the client got lost, and were sent again. */
  async function lostSyns(count: number, each: () => Promise<void>): Promise<number> {
    const before = await synsSentAgain();
    for (let round = 0; round < count; round++) await each();
    return (await synsSentAgain()) - before;
  }

  async function synsSentAgain(): Promise<number> {
    const text = await scene.lab.client().run(['nstat', '-asz', 'TcpExtTCPSynRetrans']);
    return Number(/TcpExtTCPSynRetrans +(\d+)/.exec(text)?.[1]);
  }

  it.each(FAMILIES)(
    'may follow another one on the same client port at once, 200 times (%s)',
    async (family) => {
      await using agent = new SocketAgent(scene.lab.client());
      const where = { address: scene.lab.balancer[family], port: 80, localPort: CLIENT_PORT };
      const names = new Set<string>();
      const lost = await lostSyns(200, async () => {
        const visit = await agent.connect(where);
        // The server ends the connection, so that the client may use its port again at once.
        visit.send('GET /\r\n');
        names.add((await visit.line()).split(' ')[0] ?? '');
        expect(await visit.closed()).toBeNull();
      });
      expect(lost).toBe(0);
      expect([...names].sort()).toEqual(['target1', 'target2']);
    },
  );

  it.each(FAMILIES)('may follow one that the client reset, on the same port at once (%s)', async (family) => {
    await using agent = new SocketAgent(scene.lab.client());
    const where = { address: scene.lab.balancer[family], port: 7, localPort: CLIENT_PORT + 1 };
    const names = new Set<string>();
    const lost = await lostSyns(40, async () => {
      const visit = await agent.connect(where);
      names.add(await visit.line());
      expect(await visit.ask('hello')).toBe('hello');
      await visit.reset();
    });
    expect(lost).toBe(0);
    expect([...names].sort()).toEqual(['target1', 'target2']);
    for (const target of scene.lab.targets) {
      expect(await target.run(['ss', '-Htn', 'state', 'connected', 'sport = :7'])).toBe('');
    }
  });

  it.each(FAMILIES)(
    'to a target itself may follow one through the listener, on the same port (%s)',
    async (family) => {
      const { lab } = scene;
      await using agent = new SocketAgent(lab.client());
      const lost = await lostSyns(10, async () => {
        const localPort = CLIENT_PORT + 3;
        const visit = await agent.connect({ address: lab.balancer[family], port: 7, localPort });
        const name = await visit.line();
        await visit.reset();
        const direct = await agent.connect({ address: lab.host(name)[family], port: 7, localPort });
        expect(await direct.line()).toBe(name);
        expect(await direct.ask('hello')).toBe('hello');
        await direct.reset();
      });
      expect(lost).toBe(0);
    },
  );

  it.each(FAMILIES)('is refused at once when the target refuses it, each time (%s)', async (family) => {
    await using agent = new SocketAgent(scene.lab.client());
    const where = { address: scene.lab.balancer[family], port: 9, localPort: CLIENT_PORT + 2 };
    const lost = await lostSyns(20, async () => {
      expect(await agent.begin(where).closed()).toBe('ECONNREFUSED');
    });
    expect(lost).toBe(0);
  });

  it('goes on in one direction after the client has ended the other', async () => {
    const { lab } = scene;
    const file = await makeFile(lab.target(), 'half', FILE_BYTES);
    // It answers when the client has ended, and after longer than a closing flow lives.
    const answer = `SYSTEM:cat >/dev/null; sleep 2.5; cat ${file.path}`;
    for (const target of lab.targets) {
      const server = target.spawn(['socat', '-t', '20', 'TCP6-LISTEN:8,ipv6only=0,reuseaddr,fork', answer]);
      await until(() => listensOnTcp(server, 8), server);
    }
    const digests = [lab.vip4, `[${lab.vip6}]`].map((address) =>
      lab.client().run(['sh', '-c', `echo question | socat -t 20 - TCP:${address}:8 | sha256sum`]),
    );
    const [v4, v6] = await Promise.all(digests);
    expect(v4?.split(' ')[0]).toBe(file.sha256);
    expect(v6?.split(' ')[0]).toBe(file.sha256);
  });
});
