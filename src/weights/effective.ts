import type { Factor, Factors } from './factors.ts';

/** A target of a pool with what its weight depends on. */
export interface Weighted {
  /** Relative share of new connections, as configured. */
  readonly configuredWeight: number;
  readonly factors: Factors;
}

/**
 * The weights that hold now, one per target of a pool: the configured weight times every factor. When that leaves
 * nobody, the configured weights stand: a target that may be dead is better than none. First those of targets that nobody
 * has drained; of all only when all are drained.
 */
export function effectiveWeights(pool: readonly Weighted[]): readonly number[] {
  for (const choice of [weightOf, weightUnlessDrained]) {
    const weights = pool.map(choice);
    if (weights.some((weight) => weight > 0)) return weights;
  }
  return pool.map(configured);
}

function configured({ configuredWeight }: Weighted): number {
  return configuredWeight;
}

function weightUnlessDrained({ configuredWeight, factors }: Weighted): number {
  return configuredWeight * factors.drain.value;
}

function weightOf({ configuredWeight, factors }: Weighted): number {
  const all: readonly Factor[] = Object.values(factors);
  return all.reduce((weight, factor) => weight * factor.value, configuredWeight);
}
