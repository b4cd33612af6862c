import type { ContenderName } from '../contenders/contender.ts';
import type { CostSamples } from '../cost/samples.ts';
import { pairedRatio, summarise } from '../statistics.ts';
import type { Figure } from '../trials.ts';
import type { CostResult, Measurement } from './model.ts';

/** Compares the samples of one figure, a list for each contender. */
export function measurementOf(
  figure: Figure,
  samples: readonly { readonly contender: ContenderName; readonly samples: readonly number[] }[],
): Measurement {
  const results = samples.map(({ contender, samples: own }) => ({
    contender,
    ...summarise(own),
    ratioTo: Object.fromEntries(
      samples
        .filter((other) => other.contender !== contender)
        .map((other) => [other.contender, pairedRatio(own, other.samples)]),
    ),
  }));
  return { ...figure, results };
}

/** Compares the costs with the bare look-up of as many flows. */
export function costResults(samples: readonly CostSamples[]): readonly CostResult[] {
  return samples.map(({ case: name, flows, ns }) => {
    const bare = samples.find((other) => other.case === 'bare' && other.flows === flows);
    return { case: name, flows, ...summarise(ns), ratioToBare: pairedRatio(ns, bare?.ns ?? []) };
  });
}
