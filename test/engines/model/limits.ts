/** A limit: so many flows at once, and then one in so many epochs (2^30 ns). */
export interface RuleRow {
  readonly everyEpochs: number;
  readonly burst: number;
}

/** What a source may open at a proxy. */
export interface SourceLimitRow extends RuleRow {
  readonly proxy: number;
  /** Bits of an address that make the source; default 32 and 64. */
  readonly bitsV4?: number;
  readonly bitsV6?: number;
}

/** Where a limit stands. */
export interface BucketRow {
  /** What is owed, as the time in which it is paid back. */
  readonly owedEpochs: number;
  /** Flows that were refused. */
  readonly refused: number;
}

export interface SourceBucketRow extends BucketRow {
  readonly proxy: number;
  /** The address without the bits that do not count. */
  readonly source: string;
}

/** Packets that a proxy dropped because of a limit. */
export interface RefusedDelta {
  readonly source: number;
  readonly target: number;
}
