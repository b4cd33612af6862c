const WHOLE = 100;

/**
 * Shares `total` percent in proportion to `weights`, in whole numbers of at least 1, by largest remainder.
 * @returns null when there is less than 1 for each
 */
export function rescale(weights: readonly number[], total: number): readonly number[] | null {
  const rest = total - weights.length;
  if (rest < 0) return null;
  const sum = weights.reduce((all, weight) => all + weight, 0);
  // Each has 1 already; what it should have beyond that takes part in the rest.
  const beyond = weights.map((weight) => Math.max(0, (weight / sum) * total - 1));
  const wanted = beyond.reduce((all, share) => all + share, 0);
  const exact = beyond.map((share) => (wanted > 0 ? (share / wanted) * rest : rest / weights.length));
  const whole = exact.map(Math.floor);
  const left = rest - whole.reduce((all, share) => all + share, 0);
  const byRemainder = exact
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  const lucky = new Set(byRemainder.slice(0, left).map(({ index }) => index));
  return whole.map((share, index) => 1 + share + (lucky.has(index) ? 1 : 0));
}

/** The weights of a pool that names none: 100 for one target, 1 each for several. */
export function equalWeights(targets: number): readonly number[] {
  return Array.from({ length: targets }, () => (targets === 1 ? WHOLE : 1));
}
