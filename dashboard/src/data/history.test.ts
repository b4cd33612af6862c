import { describe, expect, it } from 'vitest';
import type { StatsReport } from '../../../src/report/index.ts';
import { extend, type History, NO_HISTORY, ratesNow, targetKey } from './history.ts';

const WEB = { proxy: 'web', target: '10.0.0.1:80' };

/** Counters of one target, and of one reason. */
function stats(flows: number, bytes: number, refused = 0, dropped = 0): StatsReport {
  const counters = {
    activeFlows: 1,
    flows,
    forward: { packets: 1, bytes },
    reply: { packets: 1, bytes: bytes * 2 },
    attempts: { answered: flows, established: flows, refused, unanswered: 0 },
  };
  return {
    totals: counters,
    targets: [{ ...WEB, weight: 100, pools: ['default'], ...counters }],
    reasons: [{ hook: 'tc_ingress', reason: 'dropped_no_target', outcome: 'dropped', packets: dropped }],
    flowEvents: {
      oneIn: 0,
      read: 0,
      lost: { opened: 0, closed: 0, flows: 0 },
      accessLog: { written: 0, dropped: 0 },
    },
  };
}

const later = (history: History, atMs: number, counters: StatsReport) =>
  extend(history, { atMs, stats: counters });

describe('the history of counters', () => {
  it('gives rates a second between two samples, of all and of each', () => {
    const history = later(later(NO_HISTORY, 1000, stats(10, 1000)), 3000, stats(30, 5000, 4, 6));
    const rates = ratesNow(history);
    expect(rates).toMatchObject({
      flowsPerSecond: 10,
      bitsToTargets: 16_000,
      bitsToClients: 32_000,
      failedPerSecond: 2,
    });
    expect(rates?.targets.get(targetKey(WEB))).toEqual({
      flowsPerSecond: 10,
      bitsPerSecond: 48_000,
      failedPerSecond: 2,
    });
    expect(rates?.reasons.get('tc_ingress/dropped_no_target')).toBe(3);
  });

  it('knows nothing before the second sample, and nothing of a time in which counters began anew', () => {
    const first = later(NO_HISTORY, 1000, stats(10, 1000));
    expect(ratesNow(first)).toBeNull();
    expect(ratesNow(later(first, 3000, stats(2, 10)))).toBeNull();
  });

  it('has a gap where nobody asked for long', () => {
    const gap = later(later(NO_HISTORY, 0, stats(1, 1)), 60_000, stats(2, 2));
    expect(gap.points).toEqual([{ atMs: 60_000, rates: null }]);
  });

  it('takes samples that come too soon together', () => {
    const soon = later(later(NO_HISTORY, 0, stats(1, 1)), 100, stats(2, 2));
    expect(soon.points).toEqual([]);
    expect(ratesNow(later(soon, 2000, stats(5, 5)))?.flowsPerSecond).toBe(2);
  });

  it('does not give a target that has just come all that it did before', () => {
    const before = { ...stats(10, 10), targets: [] };
    const history = later(later(NO_HISTORY, 0, before), 2000, stats(20, 20));
    expect(ratesNow(history)?.targets.get(targetKey(WEB))?.flowsPerSecond).toBe(0);
  });

  it('keeps five minutes', () => {
    let history = NO_HISTORY;
    for (let second = 0; second < 1000; second += 2)
      history = later(history, second * 1000, stats(second, 1));
    expect(history.points.length).toBe(150);
    expect(history.points.at(-1)?.atMs).toBe(998_000);
  });
});
