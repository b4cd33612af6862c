import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { fetchMany, filesDirectory, httpUrl, type NginxService, startNginx } from '../../lab/index.ts';
import { patienceMs } from '../../lab/patience.ts';
import type { StampedEvent } from '../../src/events/index.ts';
import type { StatsReport } from '../../src/report/index.ts';
import { bothFamilies, configOf, FAMILIES, type Family, useScene } from '../support/index.ts';
import { scale } from './scale.ts';
import {
  counterViews,
  NOTHING,
  ofEvents,
  ofLog,
  ofStats,
  totalFlows,
  totalOf,
  viewBetween,
} from './views.ts';
import { countWire, readWire, retransmissions, type Traffic, wireBetween } from './wire.ts';

const { connections, bytes } = scale();
/** Each way of attaching gets half, and in it each family half. */
const COUNT = connections / 4;
const BODY = bytes / connections;
/** Few and small windows: nothing between two hosts may be so full that it loses packets behind our back. */
const CONCURRENCY = 4;
const WINDOW = '4096 32768 65536';
/** Where packets overtake each other SACK would make headers longer, and nothing counts how often. */
const NO_SACK = 'net.ipv4.tcp_sack=0';
const DEVICE = 'eth0';
const WAIT = { timeout: patienceMs(60_000), interval: 100 };
const LONG_MS = 3_600_000;
/** IP and TCP header with timestamps (RFC 7323); SYN and SYN-ACK have 8 more bytes of options. */
const HEADERS = { v4: 52, v6: 72 };
const MORE_OF_SYN = 8;
const MTU = 1500;
const SETTLE_MS = 100;

/** What client and nginx say of the connections of one family. */
interface Payload {
  readonly connections: number;
  readonly sent: number;
  readonly received: number;
}

type Payloads = Readonly<Record<Family, Payload>>;

describe(`the numbers of ${connections} connections and ${bytes} bytes agree`, () => {
  let nginx: NginxService;
  const told: StampedEvent[] = [];
  const stop = new AbortController();
  const logPath = () => join(scene.lab.directory, 'access.log');
  const config = (attach: 'native' | 'tc') =>
    configOf(bothFamilies(scene.lab, { name: 'web', port: 80 }), {
      attach,
      closingTimeoutSec: 1,
      statsEnabled: true,
      accessLog: { enabled: true, path: logPath() },
    });
  const scene = useScene({ targets: 1, offloads: 'off' }, async (scene) => {
    const [client, target] = [scene.lab.client(), scene.lab.target()];
    const file = join(filesDirectory(target), 'body');
    await mkdir(filesDirectory(target), { recursive: true });
    await writeFile(file, `${target.name} `.padEnd(BODY, 'x'));
    nginx = await startNginx(target, { countsRequests: true });
    const tcp = [`net.ipv4.tcp_rmem=${WINDOW}`, `net.ipv4.tcp_wmem=${WINDOW}`, NO_SACK];
    for (const host of [client, target]) await host.run(['sysctl', '-qw', ...tcp]);
    await countWire(target, DEVICE);
    await scene.start(config('native'));
  });
  let reading: Promise<void> = Promise.resolve();
  beforeAll(async () => {
    const types = ['flowOpened', 'flowClosed'] as const;
    await new Promise<void>((onOpen) => {
      const events = scene.balancer.admin.events({ types, signal: stop.signal, onOpen });
      reading = (async () => {
        for await (const event of events) told.push(event);
      })();
    });
  });

  /** Fetches over both families; what the client has counted of each. */
  async function fetchAll(): Promise<Payloads> {
    const fetchOver = async (family: Family): Promise<Payload> => {
      const { lab } = scene;
      const url = httpUrl(lab.balancer[family], 80, '/files/body');
      const wishes = { count: COUNT, concurrency: CONCURRENCY, timeoutMs: patienceMs(10_000) };
      const { byTarget, errors, sentBytes, receivedBytes } = await fetchMany(lab.client(), url, wishes);
      expect(errors).toEqual({});
      return {
        connections: byTarget[lab.target().name] ?? 0,
        sent: sentBytes,
        received: receivedBytes,
      };
    };
    const [v4, v6] = [await fetchOver('v4'), await fetchOver('v6')];
    return { v4, v6 };
  }

  /** The same as nginx has counted it. */
  async function served(): Promise<Payloads> {
    const all = await nginx.requests();
    const of = (family: Family): Payload => {
      const requests = all.filter(({ address }) => address === scene.lab.target()[family]);
      return {
        connections: new Set(requests.map(({ connection }) => connection)).size,
        sent: requests.reduce((sum, { received }) => sum + received, 0),
        received: requests.reduce((sum, { sent }) => sum + sent, 0),
      };
    };
    return { v4: of('v4'), v6: of('v6') };
  }

  /** What the target's kernel and Sluice have counted when no packet is on its way: twice the same. */
  async function settled() {
    const { lab, balancer } = scene;
    const look = async () => {
      const stats = await balancer.admin.stats();
      const resent = (await retransmissions(lab.client())) + (await retransmissions(lab.target()));
      const wire = await readWire(lab.target(), DEVICE);
      return { view: ofStats(stats), buffers: buffersOf(stats), wire, resent };
    };
    for (let last = await look(); ; ) {
      await sleep(SETTLE_MS);
      const now = await look();
      if (isDeepStrictEqual(now, last)) return now;
      last = now;
    }
  }

  it.each(['native', 'tc'] as const)(
    'client, nginx, the wire and every view of Sluice, attach %s',
    async (attach) => {
      const { lab, balancer } = scene;
      if (attach === 'tc') {
        await balancer.reload(config('tc'));
        for (const device of ['front0', 'back0'])
          await lab.balancer.run(['ethtool', '-K', device, 'gro', 'on']);
      }
      const [before, servedBefore] = [await settled(), await served()];
      const fetched = await fetchAll();
      const [after, servedAfter] = [await settled(), await served()];

      expect(servedBetween(servedBefore, servedAfter)).toEqual(fetched);
      const counted = viewBetween(before.view, after.view);
      const wire = wireBetween(before.wire, after.wire);
      expect({ received: totalOf(counted, 'forward'), sent: totalOf(counted, 'reply') }).toEqual(wire);
      expect(fetched.v4.received + fetched.v6.received).toBeGreaterThan(bytes / 2);
      for (const family of FAMILIES) {
        const { flows, forward, reply } = counted[`web${family.slice(1)}`] ?? NOTHING;
        const { connections, sent, received } = fetched[family];
        expect({ flows, connections }).toEqual({ flows: COUNT, connections: COUNT });
        const more = (traffic: Traffic, payload: number) =>
          traffic.bytes - traffic.packets * HEADERS[family] - flows * MORE_OF_SYN - payload;
        const most = (after.resent - before.resent) * MTU;
        for (const excess of [more(forward, sent), more(reply, received)]) {
          expect(excess).toBeGreaterThanOrEqual(0);
          expect(excess).toBeLessThanOrEqual(most);
        }
      }
      const views = await counterViews(balancer);
      expect(views).toEqual(Object.fromEntries(Object.keys(views).map((name) => [name, after.view])));
      // GRO hands over several packets at once: they are counted as what they are on the wire.
      const buffers = after.buffers - before.buffers;
      const packets = wire.received.packets + wire.sent.packets;
      if (attach === 'tc') expect(buffers).toBeLessThan(packets);
      else expect(buffers).toBe(packets);
    },
    LONG_MS,
  );

  it(
    'flow events and the access log have each connection once, and the same packets and bytes',
    async () => {
      const { balancer } = scene;
      await expect.poll(() => existsSync(logPath()) && totalFlows(ofLog(logPath())), WAIT).toBe(connections);
      const counters = ofStats(await balancer.admin.stats());
      expect(ofLog(logPath())).toEqual(counters);
      await expect.poll(() => totalFlows(ofEvents(told)), WAIT).toBe(connections);
      expect(ofEvents(told)).toEqual(counters);
      stop.abort();
      await reading;
      // A port comes again after a while.
      const clients = (type: 'flowOpened' | 'flowClosed') =>
        told.flatMap((event) => (event.type === type ? [event.client] : [])).sort();
      expect(clients('flowOpened')).toHaveLength(connections);
      expect(clients('flowOpened')).toEqual(clients('flowClosed'));
      expect((await balancer.admin.stats()).flowEvents).toEqual({
        oneIn: 1,
        read: 2 * connections,
        lost: { opened: 0, closed: 0, flows: 0 },
        accessLog: { written: connections, dropped: 0 },
      });
    },
    LONG_MS,
  );
});

/** Packets as the programs have seen them that forwarded them: one is several on the wire after GRO. */
function buffersOf({ reasons }: StatsReport): number {
  const forwarded = reasons.filter(({ outcome }) => outcome === 'forwarded');
  return forwarded.reduce((sum, { packets }) => sum + packets, 0);
}

function servedBetween(before: Payloads, after: Payloads): Payloads {
  const less = (family: Family): Payload => ({
    connections: after[family].connections - before[family].connections,
    sent: after[family].sent - before[family].sent,
    received: after[family].received - before[family].received,
  });
  return { v4: less('v4'), v6: less('v6') };
}
