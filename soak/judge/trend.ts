/** How a figure changed from the beginning of a series to its end. */
export interface Trend {
  readonly from: number;
  readonly to: number;
}

/** Parts of a series that are compared: the first and the last. */
const PARTS = 4;

/**
 * Compares the lowest figure of the first quarter with the lowest of the last one: what comes and goes (garbage, a child
 * process's pipes) is not growth. Null for a series of fewer than four.
 */
export function trendOf(figures: readonly number[]): Trend | null {
  const length = Math.floor(figures.length / PARTS);
  if (length === 0) return null;
  return { from: Math.min(...figures.slice(0, length)), to: Math.min(...figures.slice(-length)) };
}
