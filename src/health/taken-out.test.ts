import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../clock/fake-clock.fixture.ts';
import { BUILT_IN_HEALTH_CHECK, type HealthCheckConfig } from '../config/index.ts';
import { HealthMonitor } from './monitor.ts';
import { afterPassive } from './state.ts';
import { type CheckRecord, UNCHECKED } from './target-health.ts';

const REFUSED = { answered: 0, refused: 3, unanswered: 0 };
const ANSWERED = { answered: 1, refused: 0, unanswered: 0 };

const ended: (() => unknown)[] = [];
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

/** A target of which clients tell, under a fake clock; what checks find is real. */
async function setUp(settings: Partial<HealthCheckConfig> = {}, record: CheckRecord = UNCHECKED) {
  const clock = new FakeClock(() => 0.5);
  const reasons: string[] = [];
  const monitor = new HealthMonitor({
    clock,
    onChecked: (target) => void reasons.push(monitor.factorOf(target).reason),
  });
  const server = await listen();
  const { port } = server.address() as { readonly port: number };
  const ip = '127.0.0.1';
  const target = `${ip}:${port}`;
  const spec = { proxy: 'web', target, ip, port, settings: { ...BUILT_IN_HEALTH_CHECK, ...settings } };
  monitor.watch([spec], new Map(), () => record);
  monitor.start();
  ended.push(() => monitor.stop());
  const state = () => monitor.find('web', target)[0]?.record.state;
  const lastAtMs = () => monitor.find('web', target)[0]?.record.lastAtMs;
  const clients = (attempts: typeof REFUSED) => monitor.noteAttempts('web', target, attempts);
  /** Lets one check go out and end. */
  const checked = async (withinMs: number) => {
    const before = monitor.find('web', target)[0]?.record;
    await clock.pass(withinMs);
    await expect.poll(() => monitor.find('web', target)[0]?.record === before).toBe(false);
  };
  const factor = () => monitor.factor('web', spec, spec.settings);
  return { clock, monitor, server, clients, state, lastAtMs, checked, factor };
}

async function listen(): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  ended.push(() => server.close());
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}

describe('a target that clients find dead', () => {
  it('is out at once, is checked at once and every second, and comes back in four steps', async () => {
    const { checked, clients, state, factor } = await setUp({ intervalMs: 300_000 });
    await checked(1);
    clients(REFUSED);
    expect(factor()).toEqual({ value: 0, reason: 'refused connections' });
    await checked(0);
    expect(state()).toMatchObject({ status: 'unhealthy', successes: 1 });
    for (const step of [1, 2, 3]) {
      await checked(1000);
      expect(state()).toEqual({ status: 'recovering', step });
    }
    await checked(1000);
    expect(state()).toEqual({ status: 'healthy', failures: 0 });
  });

  it('keeps the reason that clients gave while its checks fail too', async () => {
    const { checked, clients, server, factor } = await setUp();
    await checked(1);
    server.close();
    clients(REFUSED);
    await checked(0);
    expect(factor().reason).toBe('refused connections');
  });

  it('again soon after is kept out for five seconds, whatever its checks say', async () => {
    const { clock, checked, clients, state } = await setUp({ healthyThreshold: 1 });
    await checked(1);
    clients(REFUSED);
    await checked(0);
    expect(state()).toEqual({ status: 'recovering', step: 1 });
    clients(REFUSED);
    const outAtMs = clock.nowMs();
    while (state()?.status === 'unhealthy') await checked(1000);
    expect(clock.nowMs() - outAtMs).toBeGreaterThanOrEqual(5000);
    expect(clock.nowMs() - outAtMs).toBeLessThan(7000);
  });

  it('is checked as rarely as ever when it is still dead after a minute', async () => {
    const { clock, checked, clients, server, lastAtMs } = await setUp({ intervalMs: 300_000 });
    await checked(1);
    server.close();
    clients(REFUSED);
    const outAtMs = clock.nowMs();
    await checked(0);
    while (clock.nowMs() < outAtMs + 60_000) await checked(1000);
    const last = lastAtMs();
    await clock.pass(200_000);
    expect(lastAtMs()).toBe(last);
  });

  it('is none while it answers some, when settings say so, or when checks are stopped', async () => {
    const { clients, state, checked, monitor } = await setUp();
    await checked(1);
    clients({ ...REFUSED, refused: 2 });
    clients(ANSWERED);
    clients({ ...REFUSED, refused: 2 });
    expect(state()?.status).toBe('healthy');
    monitor.stop();
    clients(REFUSED);
    expect(state()?.status).toBe('healthy');
    expect(monitor.isPassive).toBe(false);
    const off = await setUp({ passive: false });
    off.clients(REFUSED);
    expect(off.factor().value).toBe(1);
    expect(off.monitor.isPassive).toBe(false);
  });
});

describe('a target without a check that clients find dead', () => {
  const seconds = (factors: readonly number[]) => factors.join(' ');

  it('is out for five seconds, comes back in four steps, and is out for twice as long the next time', async () => {
    const { clock, clients, factor } = await setUp({ type: 'none' });
    for (const holdSec of [5, 10]) {
      clients(REFUSED);
      const seen: number[] = [];
      for (let second = 0; second < holdSec + 4; second++) {
        seen.push(factor().value);
        await clock.pass(1000);
      }
      expect(seconds(seen)).toBe(seconds([...Array<number>(holdSec).fill(0), 0.25, 0.5, 0.75, 1]));
    }
    expect(factor().reason).toBe('never checked (type none)');
  });

  it('is out again when they fail on its way back', async () => {
    const { clock, clients, factor } = await setUp({ type: 'none' });
    clients(REFUSED);
    await clock.pass(6000);
    expect(factor().value).toBe(0.5);
    clients(REFUSED);
    expect(factor().value).toBe(0);
    await clock.pass(9999);
    expect(factor().value).toBe(0);
  });

  it('stays out for a while when a daemon before has left it so', async () => {
    const { clock, factor } = await setUp(
      { type: 'none' },
      { ...UNCHECKED, state: afterPassive('had no share') },
    );
    expect(factor()).toEqual({ value: 0, reason: 'had no share' });
    await clock.pass(5000);
    expect(factor().value).toBe(0.25);
  });
});
