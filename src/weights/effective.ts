import type { Factor, Factors } from './factors.ts';

/** A target of a pool with what its weight depends on. */
export interface Weighted {
  /** Relative share of new connections, as configured. */
  readonly configuredWeight: number;
  readonly factors: Factors;
}

/**
 * The weights that hold now, one per target of a pool: the configured weight times every factor. When that leaves
 * nobody, the configured weights stand: a target that may be dead is better than none.
 */
export function effectiveWeights(pool: readonly Weighted[]): readonly number[] {
  const weights = pool.map(weightOf);
  return weights.some((weight) => weight > 0) ? weights : pool.map((target) => target.configuredWeight);
}

function weightOf({ configuredWeight, factors }: Weighted): number {
  const all: readonly Factor[] = Object.values(factors);
  return all.reduce((weight, factor) => weight * factor.value, configuredWeight);
}
