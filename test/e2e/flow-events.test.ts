import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  curl,
  fetchMany,
  httpUrl,
  SocketAgent,
  startNginx,
  startTcpEcho,
  startUdpEcho,
  udpFlood,
  udpMany,
} from '../../lab/index.ts';
import { patienceMs } from '../../lab/patience.ts';
import type { FlowClosed, StampedEvent } from '../../src/events/index.ts';
import { type ConfigFile, configOf, proxy, useScene } from '../support/index.ts';

/** Flows are told to end soon after their last packet. */
const QUICK = { closingTimeoutSec: 1, synTimeoutSec: 1, udpTimeoutSec: 1 };
const WAIT = { timeout: patienceMs(20_000), interval: 100 };
/** More events than the kernel's ring has room for. */
const FLOOD = 40_000;

type Record = Omit<FlowClosed, 'type'> & { readonly at: string };

describe('flow events and the access log', () => {
  const logPath = () => join(scene.lab.directory, 'access.log');
  const proxyOf = (name: string, port: number) =>
    proxy({ name, port, address: scene.lab.vip4, targets: [scene.lab.target().v4] });
  const config = (settings: ConfigFile = {}) =>
    configOf([proxyOf('web', 80), proxyOf('echo', 7), proxyOf('closed', 81), proxyOf('flood', 9)], {
      ...QUICK,
      statsEnabled: true,
      accessLog: { enabled: true, path: logPath() },
      ...settings,
    });
  const scene = useScene({ targets: 1, upstream: true }, async (scene) => {
    const target = scene.lab.target();
    await Promise.all([
      startNginx(target),
      startTcpEcho(target),
      startUdpEcho(target),
      startUdpEcho(target, { port: 9 }),
    ]);
    await scene.start(config());
  });
  const records = (path = logPath()): readonly Record[] =>
    existsSync(path)
      ? readFileSync(path, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line))
      : [];
  const of = (name: string) => records().filter((record) => record.proxy === name);
  const address = (port: number) => `${scene.lab.target().v4}:${port}`;
  const reasonsOf = (name: string) => of(name).map(({ reason }) => reason);
  const sum = (all: readonly Record[], count: (record: Record) => number) =>
    all.reduce((total, record) => total + count(record), 0);

  it('has one record for each connection, and their bytes are those of the counters', async () => {
    const { lab, balancer } = scene;
    const { errors } = await fetchMany(lab.client(), httpUrl(lab.vip4), { count: 200 });
    expect(errors).toEqual({});
    await expect.poll(() => of('web').length, WAIT).toBe(200);
    const all = of('web');
    expect(new Set(all.map(({ client }) => client)).size).toBe(200);
    expect(new Set(all.map(({ reason, complete, route }) => `${reason} ${complete} ${route}`))).toEqual(
      new Set(['fin true default']),
    );
    const { targets, flowEvents } = await balancer.admin.stats();
    const counted = targets.find(({ proxy: name }) => name === 'web');
    expect(counted).toMatchObject({
      flows: 200,
      forward: { packets: sum(all, (r) => r.forward.packets), bytes: sum(all, (r) => r.forward.bytes) },
      reply: { packets: sum(all, (r) => r.reply.packets), bytes: sum(all, (r) => r.reply.bytes) },
    });
    expect(flowEvents).toEqual({
      oneIn: 1,
      read: 400,
      lost: { opened: 0, closed: 0, flows: 0 },
      accessLog: { written: 200, dropped: 0 },
    });
  });

  it('says who has refused, reset, gone silent, or left a target that is drained', async () => {
    const { lab, balancer } = scene;
    await curl(lab.client(), [httpUrl(lab.vip4, 81)]);
    await expect.poll(() => reasonsOf('closed'), WAIT).toEqual(['refused']);
    await using agent = new SocketAgent(lab.client());
    const reset = await agent.connect({ address: lab.vip4, port: 7 });
    const left = await agent.connect({ address: lab.vip4, port: 7 });
    await reset.reset();
    await expect.poll(() => reasonsOf('echo'), WAIT).toEqual(['rst']);
    await udpMany(lab.client(), lab.vip4, 7, { count: 3 });
    await expect.poll(() => reasonsOf('echo'), WAIT).toEqual(['rst', 'timeout', 'timeout', 'timeout']);
    // What counts is how the target stood when the flow ended, not when that is told.
    const earlier = await agent.connect({ address: lab.vip4, port: 7 });
    await earlier.end();
    await balancer.admin.setTargetState('echo', address(7), 'drain', 60_000);
    await left.end();
    await balancer.admin.setTargetState('echo', address(7), 'ready');
    await expect.poll(() => reasonsOf('echo').slice(4).sort(), WAIT).toEqual(['drained', 'fin']);
  });

  it('are told to who asks for them, opened and closed, of a sample the same flows', async () => {
    const { lab, balancer } = scene;
    await balancer.reload(config({ flowSampling: 4 }));
    const stop = new AbortController();
    const told: StampedEvent[] = [];
    let isOpen = false;
    const reading = (async () => {
      const types = ['flowOpened', 'flowClosed'] as const;
      const onOpen = () => {
        isOpen = true;
      };
      const options = { types, proxy: 'web', signal: stop.signal, onOpen };
      for await (const event of balancer.admin.events(options)) told.push(event);
    })();
    await expect.poll(() => isOpen, WAIT).toBe(true);
    const clients = (wanted: string) =>
      told.flatMap((event) => (event.type === wanted && 'client' in event ? [event.client] : [])).sort();
    await fetchMany(lab.client(), httpUrl(lab.vip4), { count: 200 });
    const closed = () => clients('flowClosed').length;
    await expect.poll(() => closed() > 0 && closed() === clients('flowOpened').length, WAIT).toBe(true);
    expect(clients('flowClosed')).toEqual(clients('flowOpened'));
    // 50 are expected; 25 and 80 are more than four standard deviations away.
    expect(clients('flowOpened').length).toBeGreaterThan(25);
    expect(clients('flowOpened').length).toBeLessThan(80);
    stop.abort();
    await reading;
    await balancer.reload(config());
  });

  it('writes to a new file after SIGUSR1', async () => {
    const { lab, balancer } = scene;
    const old = `${logPath()}.old`;
    renameSync(logPath(), old);
    process.kill(balancer.process.pid, 'SIGUSR1');
    await expect.poll(() => balancer.process.stdout, WAIT).toContain('the access log was opened anew');
    const before = records(old).length;
    await fetchMany(lab.client(), httpUrl(lab.vip4), { count: 5 });
    await expect.poll(() => of('web').length, WAIT).toBe(5);
    expect(records(old)).toHaveLength(before);
  });

  it('counts what it loses when nobody reads', async () => {
    const { lab, balancer } = scene;
    const before = (await balancer.admin.stats()).flowEvents;
    process.kill(balancer.process.pid, 'SIGSTOP');
    try {
      await udpFlood(lab.client(), { address: lab.vip4, port: 9, count: FLOOD });
    } finally {
      process.kill(balancer.process.pid, 'SIGCONT');
    }
    /** Of each flow of the flood one end: in the log, lost, or without room from the beginning. */
    const ends = async () => {
      const { flowEvents, targets } = await balancer.admin.stats();
      const flows = targets.find(({ proxy: name }) => name === 'flood')?.flows ?? 0;
      const lost = flowEvents.lost.closed + flowEvents.lost.flows;
      return { flows, told: of('flood').length + lost, lostOpened: flowEvents.lost.opened };
    };
    await expect
      .poll(async () => {
        const { flows, told } = await ends();
        return flows >= FLOOD && told === flows;
      }, WAIT)
      .toBe(true);
    expect((await ends()).lostOpened).toBeGreaterThan(before.lost.opened);
    const { lost } = (await balancer.admin.stats()).flowEvents;
    const metrics = await balancer.admin.collectMetrics();
    for (const [what, count] of Object.entries(lost))
      expect(metrics).toContain(`\nlb_flow_events_lost_total{what="${what}"} ${count}\n`);
  });

  it('costs nothing any more when it is switched off', async () => {
    const { lab, balancer } = scene;
    await balancer.reload(configOf([proxyOf('web', 80)], QUICK));
    const { read } = (await balancer.admin.stats()).flowEvents;
    await fetchMany(lab.client(), httpUrl(lab.vip4), { count: 5 });
    expect((await balancer.admin.stats()).flowEvents.read).toBe(read);
  });
});
