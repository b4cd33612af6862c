import { translateErrorsOf } from '../datapath/index.ts';
import type { DnsWatcher } from '../dns/index.ts';
import { EventCounts, type EventFeed } from '../events/index.ts';
import { metricsText } from '../metrics/index.ts';
import type {
  BalancerSize,
  ConnectionFilter,
  ConnectionsReport,
  FileReport,
  FlowEventsReport,
  LatenciesReport,
  ReadinessReport,
  StatsReport,
  StatusReport,
  TargetsReport,
} from '../report/index.ts';
import { listConnections } from './connections.ts';
import type { Convergence } from './convergence.ts';
import type { KernelSide } from './kernel-side.ts';
import { LatencyWatch } from './latency-watch.ts';
import { configuredNames, measure } from './measure.ts';
import { statsReport, targetsReport } from './reports.ts';
import { type StatusParts, statusReport } from './status-report.ts';
import type { Sweeper } from './sweeper.ts';
import { targetNames } from './unknown-target.ts';

/** What reports are read from. */
export interface BalancerReportsOptions {
  readonly instance: string;
  readonly kernel: KernelSide;
  readonly sweeper: Sweeper;
  readonly names: DnsWatcher;
  readonly convergence: Convergence;
  readonly feed: EventFeed;
  readonly file: () => Promise<FileReport | null>;
  readonly readiness: () => ReadinessReport;
  /** What was told of single flows. */
  readonly flowEvents: () => FlowEventsReport;
}

/** What a balancer says of itself, read from the kernel when it is asked. Every method throws SluiceErrors of the kernel. */
export class BalancerReports {
  readonly #options: BalancerReportsOptions;
  readonly #startedAt = new Date();
  readonly #events: EventCounts;
  /** How long targets take to answer lately. */
  readonly latencyWatch: LatencyWatch;
  #metrics: Promise<string> | undefined;

  constructor(options: BalancerReportsOptions) {
    this.#options = options;
    this.#events = new EventCounts(options.feed);
    const { datapath, state } = options.kernel;
    this.latencyWatch = new LatencyWatch({ datapath, state, nowMs: () => performance.now() });
  }

  /** How much is balanced. Unlike the status it asks the kernel nothing. */
  size(): BalancerSize {
    const { proxies } = this.#options.kernel.desired;
    const targets = proxies.reduce((sum, proxy) => sum + targetNames(proxy).size, 0);
    return { proxies: proxies.length, targets };
  }

  status(): Promise<StatusReport> {
    return translateErrorsOf('reading the status', async () => statusReport(await this.#statusParts()));
  }

  connections(filter: ConnectionFilter): Promise<ConnectionsReport> {
    const { datapath, state } = this.#options.kernel;
    return translateErrorsOf('listing the flows', () => listConnections(datapath, state, filter));
  }

  stats(): Promise<StatsReport> {
    return translateErrorsOf('reading the counters', async () => {
      const { active, pending } = await this.#sweep();
      return statsReport(this.#options.kernel, active + pending, this.#options.flowEvents());
    });
  }

  targets(): Promise<TargetsReport> {
    return translateErrorsOf('reading the weights', async () => {
      await this.#sweep();
      return targetsReport(this.#options.kernel);
    });
  }

  /** How long the targets in force took to answer lately. */
  latencies(): Promise<LatenciesReport> {
    return translateErrorsOf('reading the latencies', () => {
      const configured = configuredNames(this.#options.kernel);
      return this.latencyWatch.report(({ proxy, target }) => configured.has(`${target} ${proxy}`));
    });
  }

  /** All metrics, in Prometheus' text format. Who asks while they are being collected gets the same. */
  metrics(): Promise<string> {
    this.#metrics ??= translateErrorsOf('reading the metrics', () => this.#measured()).finally(() => {
      this.#metrics = undefined;
    });
    return this.#metrics;
  }

  async #measured(): Promise<string> {
    const { convergence, readiness, flowEvents } = this.#options;
    const parts = { ...(await this.#statusParts()), convergence, events: this.#events };
    return metricsText(await measure({ ...parts, isReady: readiness().ready, flowEvents: flowEvents() }));
  }

  async #statusParts(): Promise<StatusParts> {
    const { instance, convergence, kernel, names, file } = this.#options;
    const { active, pending } = await this.#sweep();
    return {
      instance,
      startedAt: this.#startedAt,
      convergence,
      kernel,
      names: names.status(),
      file: await file(),
      flows: { active, pending },
    };
  }

  #sweep() {
    const { sweeper, convergence } = this.#options;
    return sweeper.sweep(convergence.applied.config.settings);
  }
}
