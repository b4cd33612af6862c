import { expect } from 'vitest';

/** Standard deviations that a share may be off: one count in about five million is so by chance. */
const SIGMAS = 5.2;

/**
 * Expects counts in proportion to `weights`, within what chance allows: each count is binomial with mean n p and
 * variance n p (1 - p).
 */
export function expectShares(
  counts: Readonly<Record<string, number>>,
  weights: Readonly<Record<string, number>>,
): void {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const weightSum = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  expect(Object.keys(counts).sort()).toEqual(
    Object.keys(weights)
      .filter((name) => (weights[name] ?? 0) > 0)
      .sort(),
  );
  for (const [name, weight] of Object.entries(weights)) {
    const share = weight / weightSum;
    const slack = SIGMAS * Math.sqrt(total * share * (1 - share)) + 1;
    const off = Math.abs((counts[name] ?? 0) - total * share);
    expect(off, `${name}: ${counts[name] ?? 0} of ${total}, expected about ${total * share}`).toBeLessThan(
      slack,
    );
  }
}
