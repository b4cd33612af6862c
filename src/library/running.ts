import type { CaptureLine, CaptureRequest } from '../capture/index.ts';
import type { ConfigInput, NewWeights, SniRouteConfig } from '../config/index.ts';
import { loadConfigFile, parseConfigObject } from '../config/index.ts';
import type { HealthChecks, LiveConfig, LoadBalancer } from '../control/index.ts';
import { SluiceError } from '../errors/index.ts';
import type {
  BalancerEvent,
  EventFilter,
  EventOf,
  EventStamp,
  EventType,
  ReadOptions,
  StampedEvent,
} from '../events/index.ts';
import type { MetricsServer } from '../metrics/index.ts';
import type {
  ChangeReport,
  ConnectionFilter,
  ConnectionsReport,
  DnsHostReport,
  DrainOutcome,
  DrainReport,
  InterfaceReport,
  LatenciesReport,
  ReadinessReport,
  StatsReport,
  StatusReport,
  TargetStateReport,
  TargetWeightReport,
  TraceQuestion,
  TraceReport,
} from '../report/index.ts';
import type { ApiSide } from './api-side.ts';
import { type StatsOptions, watchStats } from './stats.ts';

type ProxyInput = ConfigInput['proxies'][number];
/** One target, or several, in the words of a file. */
export type TargetsInput = ProxyInput['defaultTarget'];
type TargetInput = Exclude<TargetsInput, readonly unknown[]>;

/** How to drain a target. */
export interface DrainTargetOptions {
  /** How long connections may take to end; default `settings.defaultDrainTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
  /** Is told how the drain ended. */
  readonly onComplete?: ((outcome: DrainOutcome) => void) | undefined;
}

/** What a balancer was started with. */
export interface RunningParts {
  readonly api: Pick<ApiSide, 'metrics' | typeof Symbol.asyncDispose>;
  readonly onDispose: 'detach' | 'leave';
}

/**
 * A balancer that runs in this process. Targets are named by `ip:port`, or `[ip]:port` for IPv6. Whatever names something that
 * is not there throws a SluiceError `not_found`; changes that are refused leave everything as it was.
 */
export class RunningLoadBalancer implements AsyncDisposable {
  readonly #core: LoadBalancer;
  readonly #parts: RunningParts;

  /** Made by `startLoadBalancer`. */
  constructor(core: LoadBalancer, parts: RunningParts) {
    this.#core = core;
    this.#parts = parts;
  }

  /** Health checks: statuses, statuses by hand, checks at once, start and stop. */
  get health(): HealthChecks {
    return this.#core.healthChecks;
  }

  /** Circuit breakers: which are open, and opening and closing them by hand. */
  get circuits(): LoadBalancer['circuitBreakers'] {
    return this.#core.circuitBreakers;
  }

  /** Metrics for Prometheus: collect them, where they are served, start and stop serving by hand. */
  get metrics(): MetricsServer {
    return this.#parts.api.metrics;
  }

  /** The configuration in force: differences to its file, dry runs, changes over a known state. */
  get configuration(): LiveConfig {
    return this.#core.configuration;
  }

  /** What is attached, where it listens, and to whom it sends. */
  status(): Promise<StatusReport> {
    return this.#core.status();
  }

  /** Whether it does its work, and if not, why. */
  readiness(): Promise<ReadinessReport> {
    return this.#core.readiness();
  }

  /** The flows that are open now; 1,000 of them unless the filter says otherwise. */
  connections(filter: ConnectionFilter = {}): Promise<ConnectionsReport> {
    return this.#core.connections(filter);
  }

  /** Where a connection would go, and why. @throws SluiceError `usage` */
  trace(question: TraceQuestion): Promise<TraceReport> {
    return this.#core.trace(question);
  }

  /**
   * Packets as the data path sees them, before and after, and why they left so; the last line is the end. One capture runs at a
   * time. @throws SluiceError `usage`, `not_found`, `conflict`
   */
  capture(request: CaptureRequest = {}, signal?: AbortSignal): Promise<AsyncIterable<CaptureLine>> {
    return this.#core.capture(request, signal);
  }

  /** How many flows are open now. */
  async connectionCount(filter: ConnectionFilter = {}): Promise<number> {
    return (await this.#core.connections({ ...filter, limit: 0 })).total;
  }

  /** All counters; they only grow. */
  stats(): Promise<StatsReport> {
    return this.#core.stats();
  }

  /** The counters again and again, until the signal aborts or the reader leaves. */
  watchStats(options: StatsOptions = {}): AsyncGenerator<StatsReport, void> {
    return watchStats(() => this.#core.stats(), options);
  }

  /** Every target with its configured and effective weight, and what is between them. */
  async targets(proxy?: string): Promise<readonly TargetWeightReport[]> {
    const { targets } = await this.#core.targets();
    return targets.filter((each) => proxy === undefined || each.proxy === proxy);
  }

  /** How long targets took to answer SYNs lately: percentiles of about a minute. */
  latencies(): Promise<LatenciesReport> {
    return this.#core.latencies();
  }

  /** What the host names of targets stand for. */
  async dnsStatus(proxy?: string): Promise<readonly DnsHostReport[]> {
    const { hosts } = await this.#core.dns();
    return hosts.filter(({ proxies }) => proxy === undefined || proxies.includes(proxy));
  }

  /** Resolves a name of targets now, and tells what it stands for then. */
  async resolveHost(hostname: string): Promise<DnsHostReport> {
    const { hosts } = await this.#core.resolveHost(hostname);
    const [host] = hosts;
    if (host !== undefined) return host;
    throw new SluiceError('not_found', `no target has the host ${hostname}`);
  }

  /** Adds a proxy. @throws SluiceError `config_invalid`, `conflict` */
  addProxy(proxy: ProxyInput): Promise<ChangeReport> {
    return this.configuration.change({ kind: 'addProxy', proxy });
  }

  /** Removes a proxy; its open connections go on. */
  removeProxy(name: string): Promise<ChangeReport> {
    return this.configuration.change({ kind: 'removeProxy', name });
  }

  /** Adds a target to a pool: `default`, the source of a route, or the name of an SNI route. */
  addTarget(proxy: string, target: TargetInput, pool?: string): Promise<ChangeReport> {
    return this.configuration.change({ kind: 'addTarget', proxy, target, pool });
  }

  /** Removes a target from a pool; its open connections go on. */
  removeTarget(proxy: string, target: string, pool?: string): Promise<ChangeReport> {
    return this.configuration.change({ kind: 'removeTarget', proxy, target, pool });
  }

  /** Sets weights of a pool, percent by target; targets that are not named share the rest as they did. */
  setWeights(proxy: string, weights: NewWeights, pool?: string): Promise<ChangeReport> {
    return this.configuration.change({ kind: 'setWeights', proxy, weights, pool });
  }

  /** Sends clients of an address or CIDR to targets of their own. */
  addSourceRoute(proxy: string, source: string, targets: TargetsInput): Promise<ChangeReport> {
    const route = Array.isArray(targets) ? { source, targets } : { source, target: targets };
    return this.configuration.change({ kind: 'addSourceRoute', proxy, route });
  }

  /** Removes a source route; its open connections go on. */
  removeSourceRoute(proxy: string, source: string): Promise<ChangeReport> {
    return this.configuration.change({ kind: 'removeSourceRoute', proxy, source });
  }

  /** Sends TLS clients of a host name to targets of their own. */
  addSniRoute(proxy: string, sniHostname: string, targets: TargetsInput): Promise<ChangeReport> {
    const route = Array.isArray(targets) ? { sniHostname, targets } : { sniHostname, target: targets };
    return this.configuration.change({ kind: 'addSniRoute', proxy, route });
  }

  /** Removes an SNI route; upper and lower case are the same. */
  removeSniRoute(proxy: string, hostname: string): Promise<ChangeReport> {
    return this.configuration.change({ kind: 'removeSniRoute', proxy, hostname });
  }

  /** The SNI routes of all proxies, or of one. */
  sniRoutes(proxy?: string): readonly (SniRouteConfig & { readonly proxy: string })[] {
    return this.configuration.config.proxies
      .filter(({ name }) => proxy === undefined || name === proxy)
      .flatMap(({ name, sniRoutes }) => sniRoutes.map((route) => ({ ...route, proxy: name })));
  }

  /** Listens on more interfaces: in one proxy, or in all that name interfaces. */
  attachInterfaces(interfaces: readonly string[], proxy?: string): Promise<ChangeReport> {
    return this.configuration.change({
      kind: 'attachInterfaces',
      interfaces,
      ...(proxy !== undefined && { proxy }),
    });
  }

  /** Listens on fewer interfaces. */
  detachInterfaces(interfaces: readonly string[], proxy?: string): Promise<ChangeReport> {
    return this.configuration.change({
      kind: 'detachInterfaces',
      interfaces,
      ...(proxy !== undefined && { proxy }),
    });
  }

  /** The interfaces that carry the programs, or should. */
  async interfaces(): Promise<readonly InterfaceReport[]> {
    return (await this.#core.status()).interfaces;
  }

  /** Puts a whole configuration in the place of the one in force: that of a file, or one in its words. */
  async apply(source: string | ConfigInput): Promise<ChangeReport> {
    const loaded = typeof source === 'string' ? await loadConfigFile(source) : parseConfigObject(source);
    return this.configuration.replace(loaded);
  }

  /** Reads the configuration file again and applies it. @throws SluiceError `conflict` when there is none */
  reload(): Promise<ChangeReport> {
    return this.configuration.reload();
  }

  /** Sends a target no new connections, and lets the open ones end. In the kernel when it resolves. */
  drain(proxy: string, target: string, options: DrainTargetOptions = {}): Promise<TargetStateReport> {
    return this.#core.targetStates.drain({ proxy, target }, options);
  }

  /** Gives a target its share again, after a drain or maintenance. */
  undrain(proxy: string, target: string): Promise<TargetStateReport> {
    return this.#core.targetStates.undrain({ proxy, target });
  }

  /** Sends a target no new connections and checks it no more, until {@link undrain}. */
  maintain(proxy: string, target: string): Promise<TargetStateReport> {
    return this.#core.targetStates.maintain({ proxy, target });
  }

  /** Whether a target is being drained now. */
  isDraining(proxy: string, target: string): boolean {
    return this.drainStatus(proxy, target)?.status === 'draining';
  }

  /** The drain of a target that is under way, or the last one; null when there was none. */
  drainStatus(proxy: string, target: string): DrainReport | null {
    return this.#core.targetStates.state({ proxy, target }).drain;
  }

  /** Every drain that is under way. */
  drains(): readonly DrainReport[] {
    return this.#core.targetStates.running();
  }

  /** Waits for the end of a target's drain. */
  async waitForDrain(proxy: string, target: string): Promise<DrainOutcome> {
    return this.#core.targetStates.ended({ proxy, target });
  }

  /** Calls `listener` on every event of a type until the returned function is called. */
  on<Type extends EventType>(type: Type, listener: (event: EventOf<Type>) => void): () => void {
    return this.#core.feed.on(type, listener);
  }

  /** Every event from this call on, until the signal aborts, the reader leaves, or the balancer ends. */
  events(options: ReadOptions = {}): AsyncIterable<StampedEvent> & AsyncDisposable {
    return this.#core.feed.events(options);
  }

  /** What happened lately, the youngest last. */
  recentEvents(filter: EventFilter = {}): readonly (EventStamp & BalancerEvent)[] {
    return this.#core.feed.recent(filter);
  }

  /** Takes everything out of the kernel; connections of this instance end. When it fails it may be called again. */
  async detach(): Promise<void> {
    await this.#core.detach();
    await this.#parts.api[Symbol.asyncDispose]();
  }

  /** Ends this process's side; the kernel goes on balancing. */
  async close(): Promise<void> {
    await this.#core.close();
    await this.#parts.api[Symbol.asyncDispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.onDispose === 'detach' ? this.detach() : this.close();
  }
}
