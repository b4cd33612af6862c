/** What a histogram has counted. */
export interface HistogramCounts {
  /** Upper bounds of the buckets, ascending. */
  readonly bounds: readonly number[];
  /** Values in each bucket alone; one more than bounds, for what is beyond the last. */
  readonly counts: readonly number[];
  /** Of all values. */
  readonly sum: number;
}
