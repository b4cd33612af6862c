import { expect, it } from 'vitest';
import type { StatsReport } from '../../src/report/index.ts';
import { DecreaseFinder } from './decreases.ts';
import { goodRecord } from './sample-record.fixture.ts';

const stats = goodRecord().stats;
const web = (flows: number): StatsReport => ({
  ...stats,
  targets: stats.targets.map((each) => (each.proxy === 'web-nat-v4' ? { ...each, flows } : each)),
});
const without: StatsReport = { ...stats, targets: [] };

it('counters that grow or stay are fine', () => {
  const finder = new DecreaseFinder();
  for (const flows of [12, 12, 13]) finder.take(web(flows));
  expect(finder.found).toEqual([]);
  expect(finder.comparisons).toBeGreaterThan(100);
});

it('a counter that begins anew after it was out of sight is found', () => {
  const finder = new DecreaseFinder();
  for (const report of [web(12), without, web(3), web(4)]) finder.take(report);
  expect(finder.found).toEqual([
    { what: 'web-nat-v4 10.2.1.1:8000 flows', before: 12, after: 3 },
    { what: 'web-nat-v4 10.2.1.1:8000 flows', before: 12, after: 4 },
  ]);
});

it('totals and reasons are counters too', () => {
  const finder = new DecreaseFinder();
  const reason = { hook: 'tc_ingress', reason: 'established', outcome: 'forwarded', packets: 5 } as const;
  const totals = { ...stats.totals, reply: { packets: 7, bytes: 700 } };
  finder.take({ ...stats, totals, reasons: [reason] });
  finder.take({ ...stats, totals: stats.totals, reasons: [{ ...reason, packets: 4 }] });
  expect(finder.found.map(({ what }) => what)).toEqual([
    'total reply packets',
    'total reply bytes',
    'tc_ingress/established',
  ]);
});
