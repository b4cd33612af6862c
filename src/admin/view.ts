import type { CaptureLine, CaptureRequest } from '../capture/index.ts';
import type { EventFeed } from '../events/index.ts';
import type {
  AdminState,
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
  TraceQuestion,
  TraceReport,
} from '../report/index.ts';
import type { ConfigView } from './config-view.ts';
import type { LogView } from './log-view.ts';

/** What the admin API needs of a running balancer. */
export interface BalancerView {
  /** The configuration in force, and every way to change it. */
  readonly configuration: ConfigView;
  /** How much is logged. */
  readonly log: LogView;
  /** Everything that happens. */
  readonly feed: Pick<EventFeed, 'recent' | 'events'>;
  /** Whether the balancer does its work, and if not, why. */
  readiness(): Promise<ReadinessReport>;
  /** What is attached, where it listens, and to whom it sends. */
  status(): Promise<StatusReport>;
  /** The flows that match `filter`, at most `filter.limit` of them. */
  connections(filter: ConnectionFilter): Promise<ConnectionsReport>;
  /** Where a connection would go, and why. @throws SluiceError `usage` */
  trace(question: TraceQuestion): Promise<TraceReport>;
  /**
   * Packets as the data path sees them, until the request's bounds, the signal, or the reader end it.
   * @throws SluiceError `usage`, `not_found`, and `conflict` while another capture runs
   */
  capture(request: CaptureRequest, signal?: AbortSignal): Promise<AsyncIterable<CaptureLine>>;
  /** All counters. */
  stats(): Promise<StatsReport>;
  /** How long targets took to answer SYNs lately. */
  latencies(): Promise<LatenciesReport>;
  /** All metrics, in Prometheus' text format. */
  collectMetrics(): Promise<string>;
  /** What the names of targets stand for. */
  dns(): Promise<DnsReport>;
  /** Resolves a name of targets now, and tells what it stands for then. */
  resolveHost(hostname: string): Promise<DnsReport>;
  /** Every target of every pool with its weights and the factors between them. */
  targets(): Promise<TargetsReport>;
  /** The health of all proxies, or of one. @throws SluiceError `not_found` */
  health(proxy?: string): Promise<HealthReport>;
  /** Checks a target at once. @throws SluiceError `not_found`, `conflict` when it is not checked at all */
  forceCheck(proxy: string, target: string): Promise<CheckReport>;
  /** Sets a target's health by hand, or gives it back to its checks. @throws SluiceError `not_found`, `conflict` */
  setTargetStatus(proxy: string, target: string, status: StatusToSet): Promise<void>;
  /** What operators want of a target, and how far its drain is. @throws SluiceError `not_found` */
  targetState(proxy: string, target: string): Promise<TargetStateReport>;
  /** Changes what operators want of a target; `timeoutMs` counts for `drain`. @throws SluiceError `not_found` */
  setTargetState(
    proxy: string,
    target: string,
    state: AdminState,
    timeoutMs?: number,
  ): Promise<TargetStateReport>;
  /** Every circuit. */
  circuits(): Promise<CircuitsReport>;
  /** Opens or closes a circuit by hand, or gives it back to connections. @throws SluiceError `not_found`, `conflict` */
  setCircuit(proxy: string, target: string, state: CircuitState): Promise<CircuitReport>;
  /** Limits on new connections, and whom they hold back. */
  rateLimits(): Promise<RateLimitsReport>;
  /** The drains that are under way. */
  drains(): Promise<DrainsReport>;
  /** Removes everything from the kernel; the daemon ends once the answer is sent. */
  detach(): Promise<void>;
}
