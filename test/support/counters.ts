import { expect } from 'vitest';
import type { StatsReport } from '../../src/report/index.ts';

/** Every counter of the first report is in the second and at least as large; removed targets count in the totals. */
export function expectNothingWentDown(before: StatsReport, after: StatsReport): void {
  for (const direction of ['forward', 'reply'] as const) {
    for (const unit of ['packets', 'bytes'] as const) {
      expect(after.totals[direction][unit]).toBeGreaterThanOrEqual(before.totals[direction][unit]);
    }
  }
  expect(after.totals.flows).toBeGreaterThanOrEqual(before.totals.flows);
  for (const { hook, reason, packets } of before.reasons) {
    const now = after.reasons.find((each) => each.hook === hook && each.reason === reason);
    expect(now?.packets).toBeGreaterThanOrEqual(packets);
  }
  for (const { proxy, target, flows } of before.targets) {
    const now = after.targets.find((each) => each.proxy === proxy && each.target === target);
    if (now !== undefined) expect(now.flows).toBeGreaterThanOrEqual(flows);
  }
}
