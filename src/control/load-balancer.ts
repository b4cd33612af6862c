import type { Logger } from 'pino';
import type { LoadedConfig } from '../config/index.ts';
import { translateErrorsOf } from '../datapath/index.ts';
import type { DnsWatcher } from '../dns/index.ts';
import type { EventFeed } from '../events/index.ts';
import type {
  AdminState,
  BalancerSize,
  CheckReport,
  CircuitReport,
  CircuitState,
  CircuitsReport,
  ConnectionFilter,
  ConnectionsReport,
  DnsReport,
  DrainsReport,
  HealthReport,
  LatenciesReport,
  RateLimitsReport,
  ReadinessReport,
  StatsReport,
  StatusReport,
  StatusToSet,
  TargetStateReport,
  TargetsReport,
} from '../report/index.ts';
import { followAttempts } from './attempt-loop.ts';
import { BalancerReports } from './balancer-reports.ts';
import type { CircuitBreakers } from './circuit-breakers.ts';
import { Convergence, type ConvergenceParts } from './convergence.ts';
import { changeSecrets } from './cookie-secrets.ts';
import { dnsReport } from './dns-report.ts';
import { FlowTeller } from './flow-teller.ts';
import type { HealthChecks } from './health-checks.ts';
import { readHost } from './host-view.ts';
import type { InstanceLock } from './instance-lock.ts';
import type { KernelSide } from './kernel-side.ts';
import { fileReader, LiveConfig } from './live-config.ts';
import { LogControl } from './log-control.ts';
import { withParts } from './open-parts.ts';
import { PacketCaptures } from './packet-captures.ts';
import { rateLimitsReport } from './rate-limits-report.ts';
import type { StartOptions } from './start-options.ts';
import { indexesOf } from './surroundings.ts';
import { type Sweeper, sweepAlways } from './sweeper.ts';
import type { TargetStates } from './target-states.ts';
import { traceOver } from './trace.ts';

const ADOPTED = 'adopted what an earlier daemon left in the kernel';

/** Applies configurations, follows the host, sweeps, reports. Packets need it not: the kernel moves them, also after its end. */
export class LoadBalancer {
  readonly #lock: InstanceLock;
  readonly #kernel: KernelSide;
  readonly #sweeper: Sweeper;
  readonly #reports: BalancerReports;
  readonly #names: DnsWatcher;
  readonly #stop = new AbortController();
  readonly #convergence: Convergence;
  /** The configuration in force, and every way to change it while traffic flows. */
  readonly configuration: LiveConfig;
  /** How much is logged, and the way to change it. */
  readonly log: LogControl;
  /** Everything that happens. */
  readonly feed: EventFeed;
  /** What is told of single flows, and the access log. */
  readonly flows: FlowTeller;
  /** See {@link PacketCaptures.capture}. */
  readonly capture: PacketCaptures['capture'];
  #loops: Promise<unknown> = Promise.resolve();
  #ended = false;

  private constructor(options: StartOptions, lock: InstanceLock, parts: ConvergenceParts) {
    this.#names = parts.names;
    this.#lock = lock;
    this.#kernel = parts.kernel;
    this.#sweeper = parts.sweeper;
    const captures = PacketCaptures.over(parts.kernel, this.#stop.signal);
    this.capture = (request, signal) => captures.capture(request, signal);
    this.feed = parts.feed;
    this.log = new LogControl(parts.logger);
    this.#convergence = new Convergence(parts);
    this.flows = new FlowTeller(parts, this.#convergence);
    this.configuration = new LiveConfig({
      convergence: this.#convergence,
      logger: parts.logger,
      feed: parts.feed,
      generation: () => this.#kernel.applied.generation,
      reread: options.reread ?? fileReader(options.loaded),
    });
    this.#reports = new BalancerReports({
      ...parts,
      instance: options.instance,
      convergence: this.#convergence,
      file: () => this.configuration.file(),
      readiness: () => this.#readiness(),
      flowEvents: () => this.flows.report(),
    });
  }

  /**
   * Adopts what the instance has in the kernel, or makes it, and brings it to the configuration. On an error nothing
   * is left that was not there before.
   * @throws SluiceError `conflict`, `not_found`, `permission`, `unsupported`, `capacity`, `kernel`, and `unreachable` when
   * names of targets cannot be resolved
   */
  static start(options: StartOptions): Promise<LoadBalancer> {
    return withParts(options, async (parts, lock) => {
      const balancer = new LoadBalancer(options, lock, parts);
      await balancer.#begin(options.instance, parts);
      return balancer;
    });
  }

  async #begin(instance: string, { kernel, logger }: ConvergenceParts): Promise<void> {
    try {
      // Last what nothing takes back: another configuration in force.
      await this.flows.begin();
      await this.#convergence.begin();
    } catch (error) {
      this.healthChecks.stop();
      await this.flows.abandon();
      throw error;
    }
    if (kernel.datapath.adopted) logger.info({ instance }, ADOPTED);
    this.#run(logger);
  }

  #run(logger: Logger): void {
    const { signal } = this.#stop;
    this.#loops = Promise.all([
      sweepAlways(this.#sweeper, () => this.#convergence.applied.config.settings, logger, signal),
      this.#convergence.run(signal),
      this.flows.run(signal),
      followAttempts(this.#kernel, this.#convergence, logger, signal),
      changeSecrets(this.#kernel.datapath.tables, logger, signal),
      this.#reports.latencyWatch.run(logger, signal),
    ]);
  }

  /**
   * Brings the data path to another configuration without touching open flows.
   * @throws SluiceError; the configuration that was in force stays
   */
  apply(loaded: LoadedConfig): Promise<void> {
    return this.#convergence.apply(loaded);
  }

  /** Whether it does its work: every listening interface carries the programs, and it is not being stopped. */
  async readiness(): Promise<ReadinessReport> {
    return this.#readiness();
  }

  #readiness(): ReadinessReport {
    const reasons = this.#stop.signal.aborted ? ['the daemon is stopping'] : this.#kernel.unattached();
    return { ready: reasons.length === 0, reasons };
  }

  /** How much is balanced; asks the kernel nothing. */
  size(): BalancerSize {
    return this.#reports.size();
  }

  /** @throws SluiceError of the kernel, as the other reports */
  status(): Promise<StatusReport> {
    return this.#reports.status();
  }

  connections(filter: ConnectionFilter): Promise<ConnectionsReport> {
    return this.#reports.connections(filter);
  }

  stats(): Promise<StatsReport> {
    return this.#reports.stats();
  }

  /** How long targets took to answer SYNs lately. */
  latencies(): Promise<LatenciesReport> {
    return this.#reports.latencies();
  }

  /** All metrics, in Prometheus' text format. */
  collectMetrics(): Promise<string> {
    return this.#reports.metrics();
  }

  /** Where a connection would go, and why. @throws SluiceError `usage` */
  trace(question: Parameters<typeof traceOver>[1]): ReturnType<typeof traceOver> {
    return translateErrorsOf('tracing a connection', () => traceOver(this.#kernel, question));
  }

  /** Which targets are checked, what is known of them, and their events. */
  get healthChecks(): HealthChecks {
    return this.#convergence.healthChecks;
  }

  /** Every target of every pool with its configured and its effective weight, and the factors between them. */
  targets(): Promise<TargetsReport> {
    return this.#reports.targets();
  }

  /** The health of all proxies, or of one. @throws SluiceError `not_found` when there is no such proxy */
  async health(proxy?: string): Promise<HealthReport> {
    const all = this.healthChecks.status();
    return proxy === undefined ? all : { ...all, proxies: [this.healthChecks.statusOf(proxy)] };
  }

  /** See {@link HealthChecks.forceCheck}. */
  forceCheck(proxy: string, target: string): Promise<CheckReport> {
    return this.healthChecks.forceCheck(proxy, target);
  }

  /** See {@link HealthChecks.setTargetStatus}; in the kernel when this resolves. */
  async setTargetStatus(proxy: string, target: string, status: StatusToSet): Promise<void> {
    this.healthChecks.setTargetStatus(proxy, target, status);
    await this.#convergence.settled();
  }

  /** Which targets get no connections because too many of theirs failed, and events of that. */
  get circuitBreakers(): CircuitBreakers {
    return this.#convergence.circuitBreakers;
  }

  /** Every circuit. */
  async circuits(): Promise<CircuitsReport> {
    return this.circuitBreakers.status();
  }

  /** See {@link CircuitBreakers.set}; in the kernel when this resolves. */
  async setCircuit(proxy: string, target: string, state: CircuitState): Promise<CircuitReport> {
    const report = this.circuitBreakers.set({ proxy, target }, state);
    await this.#convergence.settled();
    return report;
  }

  /** What operators want of targets: drains and maintenance. */
  get targetStates(): TargetStates {
    return this.#convergence.targetStates;
  }

  /** See {@link TargetStates.state}. */
  async targetState(proxy: string, target: string): Promise<TargetStateReport> {
    return this.targetStates.state({ proxy, target });
  }

  /** See {@link TargetStates}; `timeoutMs` counts for `drain`. In the kernel when this resolves. */
  setTargetState(proxy: string, target: string, ...to: [state: AdminState, timeoutMs?: number]) {
    return this.targetStates.set({ proxy, target }, ...to);
  }

  /** Limits on new connections, and whom they hold back. */
  rateLimits(): Promise<RateLimitsReport> {
    return rateLimitsReport(this.#kernel, this.#convergence.applied.config);
  }

  /** The drains that are under way. */
  async drains(): Promise<DrainsReport> {
    return { drains: this.targetStates.running() };
  }

  /** What the names of targets stand for. */
  async dns(): Promise<DnsReport> {
    return dnsReport(this.#convergence.applied.config, this.#names.status());
  }

  /** Resolves a name of targets now. @throws SluiceError `not_found` when no target has it */
  async resolveHost(hostname: string): Promise<DnsReport> {
    const status = await this.#names.resolveNow(hostname);
    await this.#convergence.settled();
    return dnsReport(this.#convergence.applied.config, [status]);
  }

  /** Takes everything out of the kernel; connections of this instance end. When it fails it may be called again. */
  async detach(): Promise<void> {
    await this.#stopLoops();
    const host = await readHost([]);
    if (this.#ended) return;
    await translateErrorsOf('detaching', async () => this.#kernel.datapath.destroy(indexesOf(host)));
    this.targetStates.remove();
    this.#end();
  }

  /** Ends the daemon's side; the kernel goes on balancing. */
  async close(): Promise<void> {
    await this.#stopLoops();
    if (!this.#ended) this.#end();
  }

  #end(): void {
    this.#ended = true;
    this.#kernel.datapath.close();
    this.#lock.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #stopLoops(): Promise<void> {
    this.#stop.abort();
    await this.#names.close();
    await this.#loops;
    await this.#convergence.stop();
    if (!this.#ended) await this.flows.close();
    this.feed.close();
  }
}
