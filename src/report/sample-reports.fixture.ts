import type {
  CircuitReport,
  ConnectionsReport,
  DnsReport,
  DrainReport,
  HealthReport,
  LatenciesReport,
  ProxyRateLimitsReport,
  StatsReport,
  StatusReport,
  TargetsReport,
  TraceReport,
} from './index.ts';

/** A proxy with a limit for sources and one target that has its own. */
export const sampleRateLimits: ProxyRateLimitsReport = {
  proxy: 'web',
  perSource: { requestsPerSec: 100, burst: 200 },
  perBackend: null,
  ipv4PrefixLength: 24,
  ipv6PrefixLength: 64,
  dropped: { source: 1234, target: 7 },
  limitedSources: [{ source: '192.0.2.0/24', dropped: 1200, agoMs: 40 }],
  targets: [
    { target: '10.0.0.1:8080', limit: { requestsPerSec: 5, burst: 1 }, refused: 9, agoMs: 2500 },
    { target: '10.0.0.2:8080', limit: { requestsPerSec: 5, burst: 1 }, refused: 0, agoMs: null },
  ],
};

const traffic = { packets: 10, bytes: 15_360 };
const attempts = { answered: 6, established: 5, refused: 1, unanswered: 0 };
const target = {
  proxy: 'web',
  target: '10.0.0.1:8080',
  weight: 100,
  pools: ['default'],
  activeFlows: 1,
  flows: 7,
  forward: traffic,
  reply: { packets: 12, bytes: 2_097_152 },
  attempts,
};

/** A status with one of everything, for tests. */
export const sampleStatus: StatusReport = {
  version: '0.1.0',
  instance: 'default',
  pid: 4242,
  startedAt: '2026-01-02T03:04:05.000Z',
  generation: 3,
  configHash: 'ab'.repeat(32),
  configFile: '/etc/sluice.yaml',
  file: { state: 'same', lastFailure: null },
  interfaces: [{ name: 'eth0', index: 2, role: 'listen', mode: 'native' }],
  proxies: [
    {
      name: 'web',
      mode: 'nat',
      algorithm: 'weighted-random',
      listeners: ['192.0.2.2:80/tcp'],
      targets: [target],
    },
  ],
  flows: { active: 1, pending: 0, max: 100_000 },
  warnings: ['proxy "web": nothing to worry about'],
};

/** One flow, for tests. */
export const sampleConnections: ConnectionsReport = {
  total: 5,
  connections: [
    {
      protocol: 'tcp',
      client: '198.51.100.7:40000',
      listener: '192.0.2.2:80',
      target: '10.0.0.1:8080',
      proxy: 'web',
      state: 'established',
      ageSeconds: 3_725,
      idleSeconds: 4,
      forward: traffic,
      reply: { packets: 12, bytes: 2_097_152 },
    },
  ],
};

/** Counters, for tests. */
export const sampleStats: StatsReport = {
  totals: {
    activeFlows: 1,
    flows: 7,
    forward: traffic,
    reply: { packets: 12, bytes: 2_097_152 },
    attempts,
  },
  targets: [target],
  reasons: [{ hook: 'xdp_ingress', reason: 'established', outcome: 'forwarded', packets: 22 }],
  flowEvents: {
    oneIn: 4,
    read: 14,
    lost: { opened: 3, closed: 2, flows: 1 },
    accessLog: { written: 7, dropped: 5 },
  },
};

/** Latencies of a target that answers and of one that does not, for tests. */
export const sampleLatencies: LatenciesReport = {
  windowSeconds: 60,
  targets: [
    {
      proxy: 'web',
      target: '10.0.0.1:8080',
      connects: 1200,
      meanMs: 0.42,
      p50Ms: 0.31,
      p95Ms: 1.25,
      p99Ms: 1004,
    },
    {
      proxy: 'web',
      target: '10.0.0.2:8080',
      connects: 0,
      meanMs: null,
      p50Ms: null,
      p95Ms: null,
      p99Ms: null,
    },
  ],
};

/** One name that is resolved and one that fails, for tests. */
export const sampleDns: DnsReport = {
  hosts: [
    {
      hostname: 'a.example',
      proxies: ['web'],
      addresses: [
        { address: '10.0.0.1', port: null, share: 0.5 },
        { address: '10.0.0.2', port: 8443, share: 0.5 },
      ],
      ttlSeconds: 60,
      resolvedAt: '2026-01-02T03:04:05.000Z',
      consecutiveFailures: 0,
      lastError: null,
      nextAt: '2026-01-02T03:04:35.000Z',
    },
    {
      hostname: 'b.example',
      proxies: ['api', 'web'],
      addresses: [{ address: 'fd00::1', port: null, share: 1 }],
      ttlSeconds: null,
      resolvedAt: '2026-01-02T03:00:05.000Z',
      consecutiveFailures: 3,
      lastError: 'queryA ETIMEOUT b.example',
      nextAt: null,
    },
  ],
};

const factor = { value: 0.25, reason: 'recovering, step 1 of 4' };

/** Weights, for tests. */
export const sampleTargets: TargetsReport = {
  targets: [
    {
      proxy: 'web',
      pool: 'default',
      algorithm: 'weighted-random',
      target: '10.0.0.1:8080',
      configuredWeight: 30,
      effectiveWeight: 7.5,
      sharePercent: 10,
      factors: {
        health: factor,
        drain: { value: 1, reason: 'ready' },
        circuit: { value: 1, reason: 'circuit closed' },
        load: { value: 1, reason: 'not counted' },
      },
      activeFlows: 1,
    },
  ],
};

/** A trace, for tests. */
export const sampleTrace: TraceReport = {
  client: '198.51.100.7',
  destination: '192.0.2.2:80',
  protocol: 'tcp',
  outcome: 'balanced',
  steps: ['192.0.2.2:80/tcp is a listener of proxy web (nat), on eth0', 'there are no source routes'],
  proxy: 'web',
  mode: 'nat',
  interfaces: ['eth0'],
  pool: 'default',
  algorithm: 'weighted-random',
  candidates: sampleTargets.targets,
  flows: sampleConnections.connections,
};

/** Health, for tests. */
export const sampleHealth: HealthReport = {
  enabled: true,
  running: true,
  proxies: [
    {
      proxy: 'web',
      allHealthy: true,
      canServe: true,
      targets: [
        {
          target: '10.0.0.1:8080',
          check: 'http',
          status: 'recovering',
          manual: null,
          factor,
          consecutiveSuccesses: 2,
          consecutiveFailures: 0,
          lastCheckedAt: '2026-01-02T04:06:01.000Z',
          lastLatencyMs: 2.54,
          lastError: null,
          lastMessage: 'HTTP 200',
        },
      ],
      pools: [
        { pool: 'default', targets: ['10.0.0.1:8080'], originalWeights: [100], effectiveWeights: [100] },
      ],
    },
  ],
};

/** A drain on its way, for tests. */
export const sampleDrain: DrainReport = {
  proxy: 'web',
  target: '10.0.0.1:8080',
  status: 'draining',
  elapsedMs: 5_000,
  timeoutMs: 30_000,
  initialConnections: 10,
  currentConnections: 3,
};

/** An open circuit, for tests. */
export const sampleCircuit: CircuitReport = {
  proxy: 'web',
  target: '10.0.0.1:8080',
  status: 'open',
  manual: null,
  reason: 'circuit open: 60% of 10 connections failed',
  since: '2026-01-02T04:06:01.000Z',
  halfOpenAt: '2026-01-02T04:06:31.000Z',
  successes: 0,
  errors: 0,
  errorPct: 0,
};
