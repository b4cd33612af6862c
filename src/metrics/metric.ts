import type { HistogramCounts } from './histogram.ts';
import type { Measurements } from './measurements.ts';

/**
 * How long a value lives. `now`: a state, as it is. `kernel`: counted in the kernel, goes on over restarts of the daemon until
 * the instance is detached. `process`: counted by the daemon, begins at 0 when it starts.
 */
export type Life = 'now' | 'kernel' | 'process';

/** One series. */
export interface Sample {
  /** In the order of the metric's labels. */
  readonly labels: readonly string[];
  readonly value: number;
}

/** The series of one histogram. */
export interface HistogramSample {
  readonly labels: readonly string[];
  readonly histogram: HistogramCounts;
}

interface Described {
  readonly name: string;
  /** One sentence. */
  readonly help: string;
  readonly labels: readonly string[];
  readonly life: Life;
}

/** A metric of one value a series. */
export interface ValueMetric extends Described {
  readonly type: 'gauge' | 'counter';
  readonly samples: (measured: Measurements) => Iterable<Sample>;
}

/** A metric of several buckets a series. */
export interface HistogramMetric extends Described {
  readonly type: 'histogram';
  readonly samples: (measured: Measurements) => Iterable<HistogramSample>;
}

/** What is exported under one name, and where it comes from. */
export type Metric = ValueMetric | HistogramMetric;
