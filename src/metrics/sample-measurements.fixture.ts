import type { CountedTarget, Measurements } from './measurements.ts';

const full = { value: 1, reason: 'fine' };

/** Counters of a target, the same for all but what is said. */
export function countedTarget(
  proxy: string,
  target: string,
  more: Partial<CountedTarget> = {},
): CountedTarget {
  return {
    proxy,
    target,
    activeFlows: 1,
    flows: 7,
    forward: { packets: 10, bytes: 1000 },
    reply: { packets: 12, bytes: 20_000 },
    attempts: { answered: 6, established: 5, refused: 1, unanswered: 2 },
    isListed: true,
    rateRefused: null,
    latency: { bounds: [0.001, 0.002], counts: [3, 2, 1], sum: 0.5 },
    ...more,
  };
}

/** One of everything, for tests. */
export const sampleMeasurements: Measurements = {
  status: {
    version: '0.1.0',
    instance: 'default',
    pid: 4242,
    startedAt: '2026-01-02T03:04:05.000Z',
    generation: 3,
    configHash: 'ab'.repeat(32),
    configFile: '/etc/sluice.yaml',
    file: { state: 'same', lastFailure: null },
    interfaces: [
      { name: 'eth0', index: 2, role: 'listen', mode: 'native' },
      { name: 'eth1', index: 0, role: 'reply', mode: 'detached' },
    ],
    flows: { active: 5, pending: 1, max: 100_000 },
    warnings: ['one'],
  },
  isReady: false,
  targets: [
    countedTarget('web', '10.0.0.1:8080', { rateRefused: 4 }),
    countedTarget('web', '[fd00::1]:8080', { activeFlows: 0 }),
    countedTarget('old', '10.0.0.1:8080', { isListed: false, activeFlows: 0 }),
  ],
  reasons: [{ hook: 'xdp_ingress', reason: 'established', outcome: 'forwarded', packets: 22 }],
  weights: [
    {
      proxy: 'web',
      pool: 'default',
      algorithm: 'weighted-random',
      target: '10.0.0.1:8080',
      configuredWeight: 30,
      effectiveWeight: 7.5,
      sharePercent: 10,
      factors: { health: { value: 0.25, reason: 'recovering' }, drain: full, circuit: full, load: full },
      activeFlows: 1,
    },
    {
      proxy: 'web',
      pool: '10.0.0.0/8',
      algorithm: 'maglev',
      target: '10.0.0.1:8080',
      configuredWeight: 1,
      effectiveWeight: 0,
      sharePercent: 0,
      factors: { health: { value: 0, reason: 'unhealthy' }, drain: full, circuit: full, load: full },
      activeFlows: 1,
    },
  ],
  states: [{ proxy: 'web', target: '10.0.0.1:8080', state: 'drain' }],
  drains: [
    {
      proxy: 'web',
      target: '10.0.0.1:8080',
      status: 'draining',
      elapsedMs: 5_000,
      timeoutMs: 30_000,
      initialConnections: 10,
      currentConnections: 3,
    },
  ],
  circuits: [
    {
      proxy: 'web',
      target: '10.0.0.1:8080',
      status: 'half-open',
      manual: null,
      reason: 'on trial',
      since: '2026-01-02T04:06:01.000Z',
      halfOpenAt: null,
      successes: 0,
      errors: 0,
      errorPct: 0,
    },
  ],
  checks: [
    {
      proxy: 'web',
      target: '10.0.0.1:8080',
      successes: 4,
      failures: 1,
      latency: { bounds: [0.005, 0.01], counts: [3, 1, 1], sum: 1.5 },
    },
  ],
  rateDrops: [{ proxy: 'web', source: 8, target: 9 }],
  hosts: [
    {
      hostname: 'a.example',
      proxies: ['web', 'api'],
      addresses: [{ address: '10.0.0.1', port: null, share: 1 }],
      ttlSeconds: 60,
      resolvedAt: '2026-01-02T03:04:05.000Z',
      consecutiveFailures: 3,
      lastError: 'queryA ETIMEOUT a.example',
      nextAt: null,
    },
  ],
  tables: [{ table: 'flows', entries: 5, capacity: 100_000 }],
  events: { configurationApplied: 2 },
  appliedAtMs: 1_767_323_045_500,
};
