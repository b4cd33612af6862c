/** Shares of `size` slots in proportion to the weights, by largest remainder; they sum to `size`. Weights that are all 0 are equal. */
export function quotas(weights: readonly number[], size: number): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const exact = weights.map((weight) => (total > 0 ? (weight / total) * size : size / weights.length));
  const counts = exact.map(Math.floor);
  const byRemainder = exact
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  let rest = size - counts.reduce((sum, count) => sum + count, 0);
  for (const { index } of byRemainder) {
    if (rest-- <= 0) break;
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}
