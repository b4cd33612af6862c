import { COST_CASES } from '../cost/samples.ts';
import { planOf } from '../plan.ts';
import { TRIALS } from '../trials.ts';
import { judge } from './aims.ts';
import type { BenchReport } from './model.ts';
import { costResults, measurementOf } from './results.ts';

/** A report of two rounds for tests: contender number n (counting from 1) does n times 1000, case number n costs n times 10. */
export function sampleReport(): BenchReport {
  const measurements = TRIALS.flatMap(({ figures, contenders }) =>
    figures.map((figure) =>
      measurementOf(
        figure,
        contenders.map((contender, index) => ({
          contender,
          samples: [(index + 1) * 1000, (index + 1) * 1000],
        })),
      ),
    ),
  );
  const cost = costResults(
    [1, 100_000].flatMap((flows) =>
      COST_CASES.map((name, index) => ({ case: name, flows, ns: [(index + 1) * 10, (index + 1) * 10] })),
    ),
  );
  return {
    startedAt: '2030-01-02T03:04:05.000Z',
    seconds: 61,
    machine: { kernel: '6.1', cpu: 'Some CPU', cpuCount: 2, node: 'v20.19.0', loadBefore: 0.5 },
    plan: planOf({ rounds: 2 }),
    measurements,
    cost,
    aims: judge(measurements, cost),
  };
}
