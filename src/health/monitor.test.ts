import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../clock/fake-clock.fixture.ts';
import type { Clock } from '../clock/index.ts';
import { BUILT_IN_HEALTH_CHECK, type HealthCheckConfig } from '../config/index.ts';
import type { CheckSpec } from './check-spec.ts';
import { HealthMonitor } from './monitor.ts';
import { UNCHECKED } from './target-health.ts';

const SETTINGS: HealthCheckConfig = { ...BUILT_IN_HEALTH_CHECK, intervalMs: 1000 };
/** Nobody listens there: a check is refused at once. */
const PORT = 1;

const spec = (overrides: Partial<CheckSpec> = {}): CheckSpec => ({
  proxy: 'web',
  target: `127.0.0.1:${PORT}`,
  ip: '127.0.0.1',
  port: PORT,
  settings: SETTINGS,
  ...overrides,
});

const monitors: HealthMonitor[] = [];
afterEach(() => {
  for (const each of monitors.splice(0)) each.stop();
});

function setUp(clock = new FakeClock(() => 0.5)) {
  const checked: string[] = [];
  const monitor = new HealthMonitor({ clock, onChecked: ({ spec: each }) => void checked.push(each.target) });
  monitors.push(monitor);
  const watch = (...specs: readonly CheckSpec[]) => monitor.watch(specs, new Map());
  return { clock, monitor, checked, watch };
}

const TARGET = { ip: '127.0.0.1', port: PORT };

describe('a monitor', () => {
  it('gives a target that it does not know the benefit of the doubt', () => {
    expect(setUp().monitor.factor('web', TARGET, SETTINGS)).toEqual({ value: 1, reason: 'not checked yet' });
  });

  it('spreads the first checks of 2,000 targets: a thousand a second, and no more than chance in any 10 ms', () => {
    const delays: number[] = [];
    const clock: Clock = {
      nowMs: Date.now,
      random: Math.random,
      after: (delayMs) => {
        delays.push(delayMs);
        return () => {};
      },
    };
    const monitor = new HealthMonitor({ clock, onChecked: () => {} });
    const settings = { ...SETTINGS, intervalMs: 10_000 };
    const specs = Array.from({ length: 2000 }, (_, n) => spec({ target: `t${n}`, settings }));
    monitor.watch(specs, new Map());
    monitor.start();
    expect(delays).toHaveLength(2000);
    const perTenMs = new Map<number, number>();
    for (const delay of delays) {
      const slice = Math.floor(delay / 10);
      perTenMs.set(slice, (perTenMs.get(slice) ?? 0) + 1);
    }
    expect(Math.max(...delays)).toBeGreaterThan(1900);
    expect(Math.max(...delays)).toBeLessThan(2000);
    expect(Math.max(...perTenMs.values())).toBeLessThan(35);
  });

  it('says whether a target is new to it, or checked otherwise', () => {
    const { watch } = setUp();
    const other = spec({ settings: { ...SETTINGS, intervalMs: 2000 } });
    expect(watch(spec())).toBe(true);
    expect(watch(spec())).toBe(false);
    expect(watch(other)).toBe(true);
    expect(watch()).toBe(false);
  });

  it('checks once what several pools of a proxy have, and finds the dead target', async () => {
    const { clock, monitor, checked, watch } = setUp();
    watch(spec(), spec({ proxy: 'other' }));
    monitor.start();
    await clock.pass(10);
    await expect.poll(() => checked).toHaveLength(2);
    expect(monitor.factor('web', TARGET, SETTINGS)).toEqual({ value: 0, reason: 'connection refused' });
    expect(monitor.find('web', spec().target)).toHaveLength(1);
  });

  it('keeps what it knows of targets that stay, also when their check changes, and forgets the others', async () => {
    const { clock, monitor, checked, watch } = setUp();
    const gone = spec({ proxy: 'gone' });
    watch(spec(), gone);
    monitor.start();
    await clock.pass(10);
    await expect.poll(() => checked).toHaveLength(2);
    const settings = { ...SETTINGS, path: '/other' };
    watch(spec({ settings }));
    expect(monitor.factor('web', TARGET, settings).value).toBe(0);
    expect(monitor.find('gone', gone.target)).toEqual([]);
    watch(spec({ settings }), gone);
    expect(monitor.factor('gone', TARGET, SETTINGS).value).toBe(1);
  });

  it('starts a target with what is assumed of it', () => {
    const { monitor } = setUp();
    const state = { status: 'unhealthy', successes: 0, reason: 'as before' } as const;
    monitor.watch([spec()], new Map(), () => ({ ...UNCHECKED, state }));
    expect(monitor.factor('web', TARGET, SETTINGS)).toEqual({ value: 0, reason: 'as before' });
  });

  it('never checks type none, which is always healthy', () => {
    const { clock, monitor, watch } = setUp();
    const settings = { ...SETTINGS, type: 'none' } as const;
    watch(spec({ settings }));
    monitor.start();
    expect(clock.waiting).toBe(0);
    expect(monitor.factor('web', TARGET, settings)).toMatchObject({ value: 1 });
  });

  it('puts what is set by hand above what checks find, until it is cleared or the target goes', () => {
    const { monitor, watch } = setUp();
    watch(spec());
    monitor.setManualStatus('web', spec().target, 'unhealthy');
    expect(monitor.factor('web', TARGET, SETTINGS)).toEqual({ value: 0, reason: 'set unhealthy by hand' });
    watch(spec({ settings: { ...SETTINGS, path: '/new' } }));
    expect(monitor.manualStatus('web', spec().target)).toBe('unhealthy');
    watch();
    watch(spec());
    expect(monitor.manualStatus('web', spec().target)).toBeNull();
  });

  it('ends the check that runs when it stops, and begins again when it is told to', async () => {
    const { clock, monitor, checked, watch } = setUp();
    const seen: string[] = [];
    const silent = createServer((socket) => {
      seen.push('connected');
      socket
        .resume()
        .on('error', () => {})
        .on('close', () => seen.push('closed'));
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    watch(spec({ port, settings: { ...SETTINGS, type: 'http' } }));
    monitor.start();
    await clock.pass(10);
    await expect.poll(() => seen).toEqual(['connected']);
    monitor.stop();
    await expect.poll(() => seen).toEqual(['connected', 'closed']);
    expect({ checked, waiting: clock.waiting }).toEqual({ checked: [], waiting: 0 });
    monitor.start();
    expect(clock.waiting).toBe(1);
    silent.close();
  });
});
