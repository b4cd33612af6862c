import { expect, it } from 'vitest';
import { styleFor } from '../src/cli/index.ts';
import { judgeStage } from './judge/judge.ts';
import { goodRecord } from './judge/sample-record.fixture.ts';
import { planOf } from './plan.ts';
import type { StageRecord } from './record.ts';
import { formatReport, type SoakReport } from './report.ts';

const style = styleFor({ isTTY: false, write: () => undefined }, {});

function reportOf(record: StageRecord): SoakReport {
  const checks = judgeStage(record);
  const passed = checks.every((check) => check.passed);
  const plan = planOf({ seed: 7, rate: 300, minutes: 20 });
  return { startedAt: '2026-01-01T00:00:00.000Z', seconds: 1260, plan, checks, passed, samples: [] };
}

it('a good report says so first, and has a line a check', () => {
  const text = formatReport(reportOf(goodRecord()), style);
  expect(text).toMatch(
    /^soak of 20m 0s \(21m 0s in all\), seed 7: nothing wrong\n\nSTAGE +CHECK +FIGURE +LIMIT +RESULT\n/,
  );
  expect(text).toMatch(/^tc +reloads failed +0 of 100 \(slowest 50 ms\) +0 +ok$/m);
  expect(text).not.toContain('FAILED');
});

it('a bad one says what failed, how, and with which examples', () => {
  const record = { ...goodRecord(), errors: ['{"level":"error","msg":"oh"}'] };
  const text = formatReport(reportOf(record), style);
  expect(text).toMatch(/: 1 of \d+ checks failed\n/);
  expect(text).toMatch(/^tc +errors in the log +1 of 5 daemons +0 +FAILED$/m);
  expect(text).toMatch(/\n\ntc: errors in the log: \{"level":"error","msg":"oh"\}\n$/);
});
