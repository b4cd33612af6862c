/** How values are spread over buckets. */
export interface Spread {
  /** Upper bounds, ascending. */
  readonly bounds: readonly number[];
  /** Values in each bucket alone; the last one is for what is beyond all bounds. */
  readonly counts: readonly number[];
}

/**
 * The value that a share of all values does not exceed, taken to lie evenly within their bucket. Null when there are none; the
 * last bound for values beyond it.
 * @param share from 0 to 1
 */
export function percentile({ bounds, counts }: Spread, share: number): number | null {
  const wanted = counts.reduce((sum, count) => sum + count, 0) * share;
  if (wanted === 0) return null;
  let before = 0;
  for (const [index, upper] of bounds.entries()) {
    const count = counts[index] ?? 0;
    if (before + count >= wanted) {
      const lower = bounds[index - 1] ?? 0;
      return lower + ((upper - lower) * (wanted - before)) / count;
    }
    before += count;
  }
  return bounds.at(-1) ?? null;
}
