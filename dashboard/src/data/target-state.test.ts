import { describe, expect, it } from 'vitest';
import type { CircuitReport, DrainReport, TargetWeightReport } from '../../../src/report/index.ts';
import { poolsOf } from './pools.ts';
import type { Snapshot } from './store.ts';
import { stateOf } from './target-state.ts';

const FULL = { value: 1, reason: '' };
const NAME = { proxy: 'web', target: '10.0.0.1:80' };

/** A target, less what its factors take from it. */
const target = (factors: Partial<TargetWeightReport['factors']> = {}): TargetWeightReport => ({
  ...NAME,
  pool: 'default',
  algorithm: 'weighted-random',
  configuredWeight: 50,
  effectiveWeight: 50,
  sharePercent: 50,
  factors: { health: FULL, drain: FULL, circuit: FULL, load: FULL, ...factors },
  activeFlows: 0,
});

const circuit = (status: CircuitReport['status'], proxy = 'web'): CircuitReport => ({
  ...NAME,
  proxy,
  status,
  manual: null,
  reason: '',
  since: '',
  halfOpenAt: null,
  successes: 0,
  errors: 0,
  errorPct: 0,
});

const drain: DrainReport = {
  ...NAME,
  status: 'draining',
  elapsedMs: 1,
  timeoutMs: 2,
  initialConnections: 3,
  currentConnections: 1,
};

type Known = Pick<Snapshot, 'health' | 'circuits' | 'drains' | 'latencies'>;
const known = (more: Partial<Known> = {}): Known => ({
  health: { enabled: true, running: true, proxies: [] },
  circuits: [],
  drains: [],
  latencies: { windowSeconds: 60, targets: [] },
  ...more,
});

describe('the word for a target', () => {
  const drained = target({ drain: { value: 0, reason: 'drain' }, health: { value: 0, reason: 'refused' } });
  it.each([
    ['ready', target(), known()],
    ['unhealthy', target({ health: { value: 0, reason: 'refused' } }), known()],
    ['recovering', target({ health: { value: 0.25, reason: 'step 1' } }), known()],
    ['circuit open', target({ health: { value: 0, reason: '' } }), known({ circuits: [circuit('open')] })],
    ['circuit half-open', target(), known({ circuits: [circuit('half-open')] })],
    ['ready', target(), known({ circuits: [circuit('open', 'another')] })],
    ['drained', drained, known({ circuits: [circuit('open')] })],
    ['draining', drained, known({ drains: [drain] })],
    ['maintenance', target({ drain: { value: 0, reason: 'maintenance' } }), known({ drains: [drain] })],
  ])('is %s', (word, weighted, snapshot) => {
    expect(stateOf(weighted, snapshot).word).toBe(word);
  });
});

it('pools are told apart by proxy and route, in their order, with what is configured in all', () => {
  const targets = [
    target(),
    { ...target(), target: '10.0.0.2:80', configuredWeight: 30 },
    { ...target(), pool: '10.1.0.0/16' },
    { ...target(), proxy: 'api' },
  ];
  expect(poolsOf({ targets }).map(({ proxy, pool, configured }) => [proxy, pool, configured])).toEqual([
    ['web', 'default', 80],
    ['web', '10.1.0.0/16', 50],
    ['api', 'default', 50],
  ]);
});
