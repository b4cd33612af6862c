import { pino } from 'pino';
import { afterEach, describe, expect, it } from 'vitest';
import type { Config } from '../config/index.ts';
import { EventFeed, type HealthEvent } from '../events/index.ts';
import { buildDesired } from './build-desired.ts';
import type { DesiredState } from './desired.ts';
import { HealthChecks } from './health-checks.ts';
import { hostView, routeBy, webConfig } from './host.fixture.ts';

/** Nobody listens on either. */
const TARGETS = ['127.0.0.1:1', '127.0.0.1:2'] as const;

const running: HealthChecks[] = [];
afterEach(() => {
  for (const checks of running.splice(0)) checks.stop();
});

function config(healthCheckEnabled = true): Config {
  const defaultTargets = [1, 2].map((port) => ({ ip: '127.0.0.1', port, weight: 50 }));
  return webConfig({ defaultTargets }, { healthCheckEnabled });
}

/** Health checks whose balancer only works out what is desired. */
function setUp(of = config()) {
  const host = hostView(undefined, { '127.0.0.1': routeBy('lo', { type: 'local' }) });
  const events: HealthEvent[] = [];
  let desired: DesiredState = { proxies: [], hashTableSize: 61, interfaces: [], missing: [] };
  const converge = () => {
    const before = desired;
    const healthOf = checks.factorUnder(of);
    const drain = { value: 1, reason: 'ready' };
    desired = buildDesired(of, host, (proxy, target) => ({
      health: healthOf(proxy, target),
      drain,
      circuit: drain,
      load: drain,
    })).desired;
    checks.announceWeights(before);
  };
  const logger = pino({ level: 'silent' });
  const feed = new EventFeed({ nowMs: Date.now, onFault: () => {} });
  const checks = new HealthChecks({ logger, feed, desired: () => desired, onFactors: converge });
  running.push(checks);
  checks.subscribe((event) => events.push(event));
  checks.configure(of, new Map());
  converge();
  return { checks, events };
}

describe('health checks of a balancer', () => {
  it('find dead targets, tell of it, and take their share, until all are dead and the configured weights stand', async () => {
    const { checks, events } = setUp();
    await expect.poll(() => checks.unhealthyTargets('web')).toEqual(TARGETS);
    expect(checks.allHealthy('web')).toBe(false);
    expect(checks.isHealthy('web', TARGETS[0])).toBe(false);
    expect(checks.statusOf('web')).toMatchObject({
      canServe: false,
      pools: [{ originalWeights: [50, 50], effectiveWeights: [50, 50] }],
      targets: [{ lastError: 'connection_refused', consecutiveFailures: 1 }, { status: 'unhealthy' }],
    });
    expect(events.map(({ type }) => type)).toEqual([
      'targetUnhealthy',
      'weightsUpdated',
      'targetUnhealthy',
      'weightsUpdated',
    ]);
    expect(events[0]).toMatchObject({ proxy: 'web', reason: 'connection refused' });
  });

  it('obey a hand until it lets go', async () => {
    const { checks, events } = setUp();
    await expect.poll(() => checks.unhealthyTargets('web')).toHaveLength(2);
    events.length = 0;
    checks.setTargetStatus('web', TARGETS[1], 'unhealthy');
    expect(events).toEqual([]);
    checks.setTargetStatus('web', TARGETS[0], 'healthy');
    expect(checks.statusOf('web').pools[0]?.effectiveWeights).toEqual([100, 0]);
    expect(checks.statusOf('web').targets[0]).toMatchObject({ manual: 'healthy', status: 'healthy' });
    expect(events.map(({ type }) => type)).toEqual(['targetHealthy', 'weightsUpdated']);
    checks.setTargetStatus('web', TARGETS[0], 'auto');
    expect(checks.isHealthy('web', TARGETS[0])).toBe(false);
  });

  it('can be made at once', async () => {
    const { checks } = setUp();
    expect(await checks.forceCheck('web', TARGETS[1])).toMatchObject({
      success: false,
      reason: 'connection_refused',
      message: 'connection refused',
    });
  });

  it('can be stopped and started; what is known stays', async () => {
    const { checks } = setUp();
    await expect.poll(() => checks.unhealthyTargets('web')).toHaveLength(2);
    checks.stop();
    expect(checks.isRunning).toBe(false);
    expect(checks.unhealthyTargets('web')).toHaveLength(2);
    await expect(checks.forceCheck('web', TARGETS[0])).rejects.toMatchObject({ code: 'conflict' });
    checks.start();
    expect(await checks.forceCheck('web', TARGETS[0])).toMatchObject({ success: false });
  });

  it('that are off leave every target healthy, and say how to turn them on', async () => {
    const { checks } = setUp(config(false));
    expect(checks.status()).toMatchObject({ enabled: false, running: false });
    expect(checks.allHealthy('web')).toBe(true);
    expect(checks.isHealthy('web', TARGETS[0])).toBe(true);
    expect(() => checks.start()).toThrow(expect.objectContaining({ code: 'conflict' }));
    expect(() => checks.setTargetStatus('web', TARGETS[0], 'unhealthy')).toThrow(/health checks are off/);
  });

  it('know what they do not know', () => {
    const { checks } = setUp();
    expect(() => checks.statusOf('wev')).toThrow(expect.objectContaining({ code: 'not_found' }));
    expect(() => checks.isHealthy('web', '127.0.0.1:3')).toThrow(/no target 127.0.0.1:3/);
    expect(() => checks.setTargetStatus('web', '127.0.0.1:3', 'healthy')).toThrow(
      expect.objectContaining({ code: 'not_found', fix: `it has: ${TARGETS.join(', ')}` }),
    );
  });
});
