import { RANGES } from '../limits.ts';
import type { Report } from '../report/report.ts';
import type { Path } from '../source/tree.ts';

const WHOLE = 100;

/**
 * The weight of a target that names none: all of a pool of one, and 1 in a pool of several. Weights are relative,
 * so equal integers make exactly equal shares for any number of targets.
 */
export function weightWithout(targets: number): number {
  return targets === 1 ? WHOLE : 1;
}

/** In a pool of several, all weights are named and sum to 100, or none is. Wrong weights are left to the schema. */
export function checkWeights(targets: readonly unknown[], path: Path, report: Report): void {
  if (targets.length < 2) return;
  const weights = targets.map(weightOf);
  const named = weights.filter((weight) => weight !== undefined);
  if (named.length === 0) return;
  const without = weights.indexOf(undefined);
  if (without !== -1) {
    report.problem(
      [...path, without],
      `has no \`weight\`, but ${named.length} of the ${weights.length} targets of this pool have one; expected all (with the sum 100) or none (equal shares)`,
    );
    return;
  }
  if (!named.every(isWeight)) return;
  const sum = named.reduce((total, weight) => total + weight, 0);
  if (sum !== WHOLE) {
    report.problem(path, `the weights sum to ${sum} (${listed(named)}), expected exactly ${WHOLE}`);
  }
}

function weightOf(target: unknown): unknown {
  return typeof target === 'object' && target !== null && 'weight' in target ? target.weight : undefined;
}

function isWeight(weight: unknown): weight is number {
  return typeof weight === 'number' && weight >= RANGES.weight.min && weight <= RANGES.weight.max;
}

function listed(weights: readonly number[]): string {
  return weights.length > 8 ? `${weights.slice(0, 8).join(' + ')} + ...` : weights.join(' + ');
}
