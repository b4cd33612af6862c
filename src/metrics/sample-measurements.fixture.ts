import {
  sampleCircuit,
  sampleDns,
  sampleDrain,
  sampleStats,
  sampleStatus,
  sampleTargets,
} from '../report/sample-reports.fixture.ts';
import type { CountedTarget, Measurements } from './measurements.ts';

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

const { proxies: _, ...status } = sampleStatus;
const { proxy, target } = sampleDrain;

/** One of everything, for tests. */
export const sampleMeasurements: Measurements = {
  status: {
    ...status,
    interfaces: [...status.interfaces, { name: 'eth1', index: 0, role: 'reply', mode: 'detached' }],
  },
  isReady: false,
  targets: [
    countedTarget(proxy, target, { rateRefused: 4 }),
    countedTarget(proxy, '[fd00::1]:8080', { activeFlows: 0 }),
    countedTarget('old', target, { isListed: false, activeFlows: 0 }),
  ],
  reasons: sampleStats.reasons,
  weights: sampleTargets.targets.flatMap((weight) => {
    const health = { value: 0, reason: 'unhealthy' };
    const dead = { ...weight, pool: '10.0.0.0/8', effectiveWeight: 0, sharePercent: 0 };
    return [weight, { ...dead, factors: { ...weight.factors, health } }];
  }),
  states: [{ proxy, target, state: 'drain' }],
  drains: [sampleDrain],
  circuits: [{ ...sampleCircuit, status: 'half-open' }],
  checks: [
    {
      proxy,
      target,
      successes: 4,
      failures: 1,
      latency: { bounds: [0.005, 0.01], counts: [3, 1, 1], sum: 1.5 },
    },
  ],
  rateDrops: [{ proxy, source: 8, target: 9 }],
  hosts: sampleDns.hosts,
  tables: [{ table: 'flows', entries: status.flows.active, capacity: status.flows.max }],
  flowEvents: sampleStats.flowEvents,
  events: { configurationApplied: 2 },
  appliedAtMs: 1_767_323_045_500,
};
