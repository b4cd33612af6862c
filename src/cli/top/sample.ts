import type { AdminClient } from '../../admin/index.ts';
import type {
  DrainsReport,
  LatenciesReport,
  StatsReport,
  StatusReport,
  TargetsReport,
} from '../../report/index.ts';

/** What a daemon said of itself at one time. */
export interface TopSample {
  /** On a clock that only goes forward, milliseconds: differences are what counts. */
  readonly atMs: number;
  readonly status: StatusReport;
  readonly stats: StatsReport;
  readonly weights: TargetsReport;
  readonly drains: DrainsReport;
  readonly latencies: LatenciesReport;
}

/** The part of the client that samples are made of. */
export type SampledClient = Pick<AdminClient, 'status' | 'stats' | 'targets' | 'drains' | 'latencies'>;

/** Asks a daemon for everything that `sluice top` shows. @throws SluiceError of the client */
export async function takeSample(client: SampledClient, clockMs: () => number): Promise<TopSample> {
  const [status, stats, weights, drains, latencies] = await Promise.all([
    client.status(),
    client.stats(),
    client.targets(),
    client.drains(),
    client.latencies(),
  ]);
  return { atMs: clockMs(), status, stats, weights, drains, latencies };
}
