import type { Logger } from 'pino';
import { formatEndpoint } from '../config/index.ts';
import { type Datapath, LATENCY_BOUNDS_NS, type LatencyCounts, NO_LATENCY } from '../datapath/index.ts';
import type { LatenciesReport, TargetLatencyReport, TargetName } from '../report/index.ts';
import { guarded } from './guarded.ts';
import { percentile } from './percentiles.ts';
import { repeat } from './repeat.ts';
import { proxyNames } from './reports.ts';
import type { TableState } from './table-state.ts';

/** What latencies are read from. */
export interface LatencyWatchOptions {
  readonly datapath: { readonly measures: Pick<Datapath['measures'], 'latencies'> };
  readonly state: Pick<TableState, 'targets' | 'proxies'>;
  /** Milliseconds, of a clock that only goes forward. */
  readonly nowMs: () => number;
}

interface Reading {
  readonly atMs: number;
  /** By id of the target. */
  readonly counts: readonly LatencyCounts[];
}

const READ_EVERY_MS = 10_000;
/** A window is a minute, and up to the time between two readings more. */
const READINGS = 7;
const MS_PER_SEC = 1000;
const NS_PER_MS = 1_000_000;

/** How long targets take to answer lately: what the kernel has counted since a reading of about a minute ago. */
export class LatencyWatch {
  readonly #options: LatencyWatchOptions;
  #readings: readonly Reading[] = [];

  constructor(options: LatencyWatchOptions) {
    this.#options = options;
  }

  /** Reads now and then until the signal aborts. */
  async run(logger: Logger, signal: AbortSignal): Promise<void> {
    const read = () => guarded(logger, 'reading latencies', () => this.note());
    await read();
    await repeat(signal, READ_EVERY_MS, async () => {
      await read();
      return READ_EVERY_MS;
    });
  }

  /** Notes what the kernel has counted until now; forgets what is too old. @throws BpfError */
  async note(): Promise<void> {
    const reading = await this.#read();
    this.#readings = [...this.#readings, reading].slice(-READINGS);
  }

  /** The latencies of all targets, or of those that are asked for. @throws BpfError */
  async report(wanted: (of: TargetName) => boolean = () => true): Promise<LatenciesReport> {
    const now = await this.#read();
    const first = this.#readings[0] ?? now;
    const names = proxyNames(this.#options.state);
    const targets = [...this.#options.state.targets.values()].flatMap(({ id, proxyId, address, port }) => {
      const of = { proxy: names.get(proxyId) ?? '', target: formatEndpoint({ ip: address, port }) };
      return wanted(of) ? [{ ...of, ...summary(now.counts[id], first.counts[id]) }] : [];
    });
    return { windowSeconds: Math.round((now.atMs - first.atMs) / MS_PER_SEC), targets };
  }

  async #read(): Promise<Reading> {
    const { datapath, state, nowMs } = this.#options;
    const count = Math.max(0, ...[...state.targets.values()].map(({ id }) => id + 1));
    return { atMs: nowMs(), counts: await datapath.measures.latencies(count) };
  }
}

function summary(
  now: LatencyCounts = NO_LATENCY,
  before: LatencyCounts = NO_LATENCY,
): Omit<TargetLatencyReport, keyof TargetName> {
  const counts = now.buckets.map((count, bucket) => count - (before.buckets[bucket] ?? 0));
  const connects = counts.reduce((sum, count) => sum + count, 0);
  const at = (share: number) => {
    const ns = percentile({ bounds: LATENCY_BOUNDS_NS, counts }, share);
    return ns === null ? null : ns / NS_PER_MS;
  };
  return {
    connects,
    meanMs: connects === 0 ? null : (now.sumNs - before.sumNs) / connects / NS_PER_MS,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
  };
}
