/** Above this a whole percent is too coarse. */
const MAX_WHOLE = 100;

/**
 * Weights as percent: whole numbers that sum to 100 (by largest remainder), so that 50 and 20 give 71 and 29. Pools of
 * more than 100 targets get exact shares; weights that are all 0 get 0.
 */
export function percentShares(weights: readonly number[]): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return weights.map(() => 0);
  const exact = weights.map((weight) => (weight / total) * 100);
  return weights.length > MAX_WHOLE ? exact : wholeNumbers(exact);
}

function wholeNumbers(exact: readonly number[]): readonly number[] {
  const whole = exact.map(Math.floor);
  const missing = 100 - whole.reduce((sum, share) => sum + share, 0);
  const byRemainder = exact
    .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder.slice(0, missing)) whole[index] = (whole[index] ?? 0) + 1;
  return whole;
}
