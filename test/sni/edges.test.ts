import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  Capture,
  type DecodedFrame,
  decodeFrame,
  type Host,
  listensOnTcp,
  serviceWhen,
} from '../../lab/index.ts';
import { type Balancer, configOf, FAMILIES, useScene } from '../support/index.ts';
import type { Scene } from '../support/scene.ts';
import { EDGE_CLIENT, EDGE_SERVER } from './edge-programs.ts';
import { tcpCounters } from './loss.ts';

/**
 * Two balancers side by side on the same interfaces. Where each listens, and its target; the local ports of connections that
 * both sides end at once, and of those that follow each other.
 */
const BALANCERS = [
  { attach: 'tc', port: 443, together: 40_001, again: 40_002 },
  { attach: 'native', port: 8443, together: 40_003, again: 40_004 },
] as const;
type Way = (typeof BALANCERS)[number];
/** The last of them is sent 0.6 s after the first. */
const LOST_FINS = 3;

/** SYNs, FINs and RSTs of both IP versions. */
const TURNS = 'tcp[13] & 7 != 0 or (ip6[6] == 6 and ip6[53] & 7 != 0)';

/** What came of each kind of connection of a client: a digest, an answer, or an error in words. */
const results = z.strictObject({
  expected: z.string(),
  end_first: z.string(),
  end_last: z.string(),
  send_to_one_who_stalls: z.string(),
  stall: z.string(),
  end_together: z.string(),
  wait: z.string(),
  be_kept_alive: z.string(),
  begin_again: z.string(),
});
type Results = z.infer<typeof results>;

/** A FIN as its client has seen it, sent or received. */
interface Fin {
  readonly family: 4 | 6;
  readonly from: 'client' | 'target';
  /** Local port of the client. */
  readonly port: number;
  readonly sequence: number;
  readonly acknowledgement: number;
}

describe('connections that are bound late', () => {
  const balancers = new Map<Way, Balancer>();
  const came = new Map<Way, readonly Results[]>();
  let fins: readonly Fin[] = [];
  /** What begins, ends or breaks a connection, as the target has seen it. */
  let turns: readonly DecodedFrame[] = [];
  /** Of client and target. */
  let counters: readonly ReadonlyMap<string, number>[] = [];
  const scene = useScene({ targets: 1, offloads: 'off' }, async (scene) => {
    const { lab } = scene;
    const hosts = [lab.client(), lab.target()] as const;
    await Promise.all([
      ...hosts.map(loseFirstFins),
      ...BALANCERS.flatMap((way) => [
        startServer(lab.target(), way),
        startBalancer(scene, way).then((balancer) => balancers.set(way, balancer)),
      ]),
    ]);
    const filter = BALANCERS.map(({ together }) => `tcp port ${together}`).join(' or ');
    const capture = await Capture.start(lab.client(), { interface: 'eth0', filter });
    const atTarget = await Capture.start(lab.target(), { interface: 'eth0', filter: TURNS, snapBytes: 128 });
    await Promise.all(BALANCERS.map(async (way) => came.set(way, await connectAll(scene, way))));
    fins = (await capture.frames()).flatMap(({ bytes }) => finIn(bytes));
    turns = await atTarget.decoded();
    counters = await Promise.all(hosts.map(tcpCounters));
  });

  describe.each(BALANCERS)('($attach)', (way) => {
    function each(kind: keyof Results): readonly string[] {
      return (came.get(way) ?? []).map((results) => results[kind]);
    }
    const digests = () => each('expected');

    it('go through XDP when they are bound, if that is attached', async () => {
      const reasons = await balancers.get(way)?.reasons();
      for (const direction of ['established', 'reply']) {
        expect((reasons?.[`xdp_ingress/${direction}`] ?? 0) > 0).toBe(way.attach === 'native');
      }
    });

    it('get a megabyte after the end of what they had to say', () => {
      expect(each('end_first')).toEqual(digests());
    });

    it('give a megabyte after the end of what their target had to say', () => {
      expect(each('end_last')).toEqual(digests());
    });

    it('wait while their target takes nothing, ask from time to time, and go on when it does', () => {
      expect(each('send_to_one_who_stalls')).toEqual(digests());
    });

    it('let their target wait while they take nothing, and answer when it asks', () => {
      expect(each('stall')).toEqual(digests());
    });

    it('end in order when both sides end before they have heard of each other', () => {
      expect(each('end_together')).toEqual(FAMILIES.map(() => ''));
      for (const family of [4, 6] as const) {
        const first = (from: Fin['from']) =>
          fins.find((fin) => fin.port === way.together && fin.family === family && fin.from === from);
        const [own, other] = [first('client'), first('target')];
        expect(own?.acknowledgement).toBe(other?.sequence);
        expect(other?.acknowledgement).toBe(own?.sequence);
      }
    });

    it('say nothing for a while, are kept alive by either side, and are still there', () => {
      for (const kind of ['wait', 'be_kept_alive'] as const) {
        expect(each(kind)).toEqual(FAMILIES.map(() => 'still here\n'));
      }
    });

    it('follow each other from one port', () => {
      expect(each('begin_again')).toEqual(digests());
    });
  });

  it('are asked for by probes of closed windows and by keep-alives, of both sides', () => {
    const connections = BALANCERS.length * FAMILIES.length;
    for (const host of counters) {
      expect(host.get('TCPWinProbe')).toBeGreaterThan(0);
      expect(host.get('TCPKeepAlive')).toBeGreaterThanOrEqual(connections);
    }
  });

  it('are never reset', async () => {
    for (const host of [scene.lab.client(), scene.lab.target()]) expect(await breaksOf(host)).toBe(0);
    expect(turns.length).toBeGreaterThan(0);
    expect(breaksIn(turns)).toEqual([]);
  });
});

function startServer(target: Host, { port }: Way) {
  const server = target.spawn(['python3', '-c', EDGE_SERVER, String(port)]);
  return serviceWhen((process) => listensOnTcp(process, port), 'edges', port, server);
}

function startBalancer(scene: Scene, { attach, port }: Way) {
  const { lab } = scene;
  const proxies = FAMILIES.map((family) => {
    const target = { ip: lab.target()[family], port };
    const listen = { interfaces: ['front0'], port, protocol: 'tcp', address: lab.balancer[family] };
    return { name: family, listen, defaultTarget: target, sniRoutes: [{ sniHostname: 'a.example', target }] };
  });
  return scene.start(configOf(proxies, { attach }));
}

/** What becomes of the connections of each family. */
function connectAll({ lab }: Scene, { port, together, again }: Way): Promise<readonly Results[]> {
  return Promise.all(
    FAMILIES.map(async (family) => {
      const args = [lab.balancer[family], port, together, again].map(String);
      return results.parse(JSON.parse(await lab.client().run(['python3', '-c', EDGE_CLIENT, ...args])));
    }),
  );
}

/** The first FINs of each connection that ends together are lost on their way in, so that neither side hears of the other's. */
async function loseFirstFins(host: Host): Promise<void> {
  const chain = 'add chain netdev l in { type filter hook ingress device eth0 priority 0; }';
  const matches = BALANCERS.flatMap(({ together }) =>
    ['ip', 'ip6'].flatMap((family) =>
      ['sport', 'dport'].map(
        (side) => `meta protocol ${family} tcp ${side} ${together} tcp flags & fin == fin`,
      ),
    ),
  );
  const rules = matches.map(
    (match) => `add rule netdev l in ${match} numgen inc mod 1000 < ${LOST_FINS} drop`,
  );
  await host.run(['nft', ['add table netdev l', chain, ...rules].join('; ')]);
}

function finIn(frame: Uint8Array): readonly Fin[] {
  const { ip } = decodeFrame(frame);
  if (ip?.transport?.kind !== 'tcp' || !ip.transport.flags.includes('F')) return [];
  const { sourcePort, destinationPort, payload, acknowledgement } = ip.transport;
  const sequence = (ip.transport.sequence + payload.length) % 2 ** 32;
  const isOwn = BALANCERS.some(({ together }) => together === sourcePort);
  const [from, port] = isOwn ? (['client', sourcePort] as const) : (['target', destinationPort] as const);
  return [{ family: ip.version, from, port, sequence, acknowledgement }];
}

/**
 * The RSTs, in words, of connections of which not both sides have ended yet. Afterwards a host that knows of a connection no
 * more refuses acknowledgements that the last one has overtaken, as it would without a balancer.
 */
function breaksIn(frames: readonly DecodedFrame[]): readonly string[] {
  const breaks: string[] = [];
  const ended = new Map<string, Set<string>>();
  for (const { ip } of frames) {
    if (ip?.transport?.kind !== 'tcp') continue;
    const { sourcePort, destinationPort, flags } = ip.transport;
    const ends = [`${ip.source} ${sourcePort}`, `${ip.destination} ${destinationPort}`] as const;
    const connection = ends.toSorted().join(' ');
    const by = ended.get(connection) ?? new Set();
    ended.set(connection, flags.includes('S') ? new Set() : by);
    if (flags.includes('F')) by.add(ends[0]);
    if (flags.includes('R') && by.size < 2) breaks.push(`${flags} ${ends.join(' > ')}`);
  }
  return breaks;
}

/** Connections that a host has counted as broken by a RST (/proc/net/snmp). */
async function breaksOf(host: Host): Promise<number> {
  const text = await host.run(['cat', '/proc/net/snmp']);
  const lines = text.split('\n').filter((line) => line.startsWith('Tcp:'));
  const [names = [], values = []] = lines.map((line) => line.split(' '));
  return Number(values[names.indexOf('EstabResets')]);
}
