import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  Capture,
  ethernetFrame,
  fetchMany,
  type Host,
  httpUrl,
  ipPacket,
  type OwnedProcess,
  PacedClients,
  PROTOCOL,
  startNginx,
  synFlood,
  tcpSegment,
} from '../../lab/index.ts';
import { type ConfigFile, configOf, proxy, useScene } from '../support/index.ts';

const PORT = { source: 80, flood: 81, backend: 82, single: 83 } as const;
const PER_SECOND = 100;
/** Bridges a second in which a busy machine lets the client wait. */
const BURST = 100;
const SMALL_BURST = 20;
/** The burst bridges the moments in which neither client sends. */
const FLOOD = { requestsPerSec: 2000, burst: 400 };
const FRAME_BYTES = 64;
/** A client's kernel sends an unanswered SYN again after a second. */
const LONG_MS = 900;
/** Enough where nothing is counted exactly. */
const SHORT_MS = 300;
/** What is known of a connection is told a moment later. */
const MARGIN_MS = 200;

interface VisitOptions {
  readonly port: number;
  readonly perSecond: number;
  readonly seconds: number;
  readonly patienceMs?: number;
}
const BACKEND = { requestsPerSec: 10, burst: 5 };
/** Least that the settings allow: much less than the sources of the flood. */
const MAX_SOURCES = 1000;

describe('rate limits', () => {
  const scene = useScene({ clients: 2, targets: 2, offloads: 'off', upstream: true }, async (scene) => {
    const { lab } = scene;
    for (const target of lab.targets) await startNginx(target);
    await scene.start(config());
  });

  function config(perSecond = PER_SECOND, burst = BURST): ConfigFile {
    const [one, two] = scene.lab.targets.map((target) => target.v4);
    const at = (name: keyof typeof PORT, targets: readonly unknown[], more: ConfigFile = {}): ConfigFile => ({
      ...proxy({ name, port: PORT[name], protocol: 'tcp', targets: [] }),
      defaultTarget: targets,
      ...more,
    });
    const plain = (ip: string | undefined) => ({ ip, port: 80 });
    const limited = { ...plain(one), rateLimit: BACKEND };
    const proxies = [
      at('source', [plain(one), plain(two)], {
        rateLimits: { perSource: { requestsPerSec: perSecond, burst } },
      }),
      at('flood', [plain(one)], { rateLimits: { perSource: FLOOD } }),
      at('backend', [limited, plain(two)]),
      at('single', [limited]),
    ];
    return configOf(proxies, { rateLimits: { maxSources: MAX_SOURCES } });
  }

  it('let a client open its burst and its rate, to 2 %, and take nothing from another', async () => {
    const [quick, modest] = [scene.lab.client(0), scene.lab.client(1)];
    const [limited, free] = await Promise.all([
      visit(quick, { port: PORT.source, perSecond: 5 * PER_SECOND, seconds: 3, patienceMs: LONG_MS }),
      visit(modest, { port: PORT.source, perSecond: PER_SECOND / 2, seconds: 3, patienceMs: LONG_MS }),
    ]);
    const allowed = BURST + PER_SECOND * limited.seconds;
    expect(limited.attempted).toBeGreaterThan(3 * allowed);
    expect(limited.dropped).toBe(limited.attempted - limited.established);
    expect(limited.established).toBeGreaterThan(allowed * 0.98);
    expect(limited.established).toBeLessThan(allowed * 1.02);
    expect(free).toMatchObject({ established: free.attempted });
    const { proxies } = await scene.balancer.admin.rateLimits({ proxy: 'source' });
    const [report] = proxies;
    expect(report?.limitedSources.map(({ source }) => source)).toEqual([quick.v4]);
    expect(report?.limitedSources[0]?.dropped).toBe(report?.dropped.source);
    const packets = await packetsOf('rate_limited_source');
    expect(packets).toBe(report?.dropped.source);
    expect(packets).toBeGreaterThanOrEqual(limited.dropped);
  });

  it('hold for a source that comes in on all CPUs at once, at 2,000 a second, to 2 %', async () => {
    const before = await flowsOf('flood');
    const floods = await Promise.all(scene.lab.clients.map(startFlood));
    await waitForFlows('flood', before + 2 * FLOOD.burst);
    const look = async () => {
      const askedMs = performance.now();
      return { flows: await flowsOf('flood'), askedMs, answeredMs: performance.now() };
    };
    const from = await look();
    await sleep(2500);
    const to = await look();
    for (const flood of floods) flood.kill('SIGKILL');
    await Promise.all(floods.map(({ exited }) => exited));
    const opened = to.flows - from.flows;
    const due = (ms: number) => (FLOOD.requestsPerSec * ms) / 1000;
    // Each count is of some moment between question and answer.
    expect(opened).toBeGreaterThan(due(to.askedMs - from.answeredMs) * 0.98);
    expect(opened).toBeLessThan(due(to.answeredMs - from.askedMs) * 1.02);
  });

  it('of a target send the rest to others of its pool, and drop where there is none', async () => {
    const { lab } = scene;
    const client = lab.client(1);
    const at = (port: number) => httpUrl(lab.vip4, port);
    const { byTarget, errors, durationMs } = await fetchMany(client, at(PORT.backend), { count: 200 });
    expect(errors).toEqual({});
    const most = BACKEND.burst + (BACKEND.requestsPerSec * durationMs) / 1000 + 1;
    expect(byTarget.target1).toBeGreaterThanOrEqual(BACKEND.burst);
    expect(byTarget.target1).toBeLessThanOrEqual(most);
    expect(byTarget.target2).toBe(200 - (byTarget.target1 ?? 0));

    const filter = `tcp dst port ${PORT.single} and tcp[tcpflags] == tcp-syn`;
    await using capture = await Capture.start(client, { interface: 'eth0', filter, direction: 'out' });
    const alone = await visit(client, { port: PORT.single, perSecond: 100, seconds: 1 });
    expect(alone.dropped).toBe(alone.attempted - alone.established);
    const syns = (await capture.frames()).map(({ timeSeconds }) => timeSeconds);
    const admitted = await flowsOf('single');
    expect(syns.length).toBeGreaterThan(3 * (BACKEND.burst + BACKEND.requestsPerSec * alone.seconds));
    expect(Math.abs(admitted - admittedOf(syns))).toBeLessThanOrEqual(1);
    expect(await packetsOf('rate_limited_target')).toBe(syns.length - admitted);
  });

  it('remember a source that keeps coming through a flood of other sources, in a table of their bound', async () => {
    const { lab, balancer } = scene;
    const [limited] = await Promise.all([
      visit(lab.client(0), { port: PORT.source, perSecond: 5 * PER_SECOND, seconds: 2 }),
      synFlood(lab.client(1), { address: lab.vip4, port: PORT.source, count: 50_000 }),
    ]);
    const allowed = BURST + PER_SECOND * limited.seconds;
    expect(limited.established).toBeLessThan(allowed * 1.05);
    expect((await balancer.admin.status()).warnings).toEqual([]);
  });

  it('change with a reload and by command, and outlive the daemon', async () => {
    const { lab, balancer } = scene;
    const client = lab.client(0);
    const open = (perSecond: number, seconds: number, patienceMs = SHORT_MS) =>
      visit(client, { port: PORT.source, perSecond, seconds, patienceMs });
    await balancer.reload(config(1, SMALL_BURST));
    await open(200, 0.5);
    await balancer.crash();
    const alone = await open(200, 0.5);
    expect(alone.attempted).toBeGreaterThan(50);
    expect(alone.established).toBeLessThan(SMALL_BURST / 2);
    await balancer.startDaemon();
    expect((await open(200, 0.5)).established).toBeLessThan(SMALL_BURST / 2);
    const shown = await balancer.sluice('rate-limit', 'source');
    expect(shown.stdout).toMatch(new RegExp(`each source +1/s, burst ${SMALL_BURST}`));
    await balancer.sluice('rate-limit', 'source', '--per-source', '0');
    const refused = await packetsOf('rate_limited_source');
    const free = await open(200, 0.5, LONG_MS);
    expect(free).toMatchObject({ established: free.attempted });
    expect(await packetsOf('rate_limited_source')).toBe(refused);
  });

  /** Opens connections at an even pace, each with one SYN: who waits longer sends it again. */
  async function visit(host: Host, options: VisitOptions) {
    const { port, perSecond, seconds, patienceMs = SHORT_MS } = options;
    await using clients = new PacedClients(host, scene.lab.vip4, { port, perSecond, timeoutMs: patienceMs });
    while (clients.seen.length === 0) await sleep(10);
    await sleep(seconds * 1000 + patienceMs + MARGIN_MS);
    const fromMs = Math.min(...clients.seen.map(({ atMs }) => atMs));
    const begun = clients.between(fromMs, fromMs + seconds * 1000);
    const established = begun.filter(({ error }) => error === null).length;
    const dropped = begun.filter(({ error }) => error === 'TIMEOUT').length;
    return { seconds, attempted: begun.length, established, dropped };
  }

  /**
   * How many SYNs a full bucket of the target admits that left at these seconds. A client that stands still lets the
   * bucket overflow, and takes an answer for late that came in time: so neither its clock nor its word is asked.
   */
  function admittedOf(seconds: readonly number[]): number {
    let [tokens, last, admitted] = [BACKEND.burst, 0, 0];
    for (const at of seconds) {
      tokens = Math.min(BACKEND.burst, tokens + BACKEND.requestsPerSec * (at - last));
      last = at;
      if (tokens < 1) continue;
      tokens--;
      admitted++;
    }
    return admitted;
  }

  async function flowsOf(name: string): Promise<number> {
    const { targets } = await scene.balancer.admin.stats();
    return targets.filter(({ proxy }) => proxy === name).reduce((sum, { flows }) => sum + flows, 0);
  }

  async function packetsOf(reason: string): Promise<number> {
    const counted = Object.entries(await scene.balancer.reasons());
    return counted.filter(([name]) => name.endsWith(reason)).reduce((sum, [, count]) => sum + count, 0);
  }

  async function waitForFlows(name: string, count: number): Promise<void> {
    while ((await flowsOf(name)) < count) await sleep(10);
  }

  /** SYNs of one source, from every other port, again and again until the process is killed. */
  async function startFlood(host: Host, half: number): Promise<OwnedProcess> {
    const [source, destination] = ['198.51.100.77', scene.lab.vip4];
    const ethernet = { source: host.interface('eth0').mac, destination: host.gatewayMac ?? '' };
    const frames = Array.from({ length: 25_000 }, (_, index) => {
      const ports = { sourcePort: 10_000 + 2 * index + half, destinationPort: PORT.flood };
      const syn = tcpSegment({ source, destination, ...ports, sequence: index, flags: 'S' });
      const frame = ethernetFrame(ethernet, ipPacket({ source, destination, protocol: PROTOCOL.tcp }, syn));
      return Buffer.concat([frame, Buffer.alloc(FRAME_BYTES - frame.length)]);
    });
    const file = join(scene.lab.directory, `flood-${half}`);
    await writeFile(file, Buffer.concat(frames));
    const send = `socat -u -b ${FRAME_BYTES} OPEN:${file},rdonly INTERFACE:eth0`;
    return host.spawn(['sh', '-c', `while :; do ${send}; done`]);
  }
});
