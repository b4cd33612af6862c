import type {
  ConnectionFilter,
  ConnectionsReport,
  DnsReport,
  StatsReport,
  StatusReport,
} from '../report/index.ts';

/** What the admin API needs of a running balancer. */
export interface BalancerView {
  /** What is attached, where it listens, and to whom it sends. */
  status(): Promise<StatusReport>;
  /** The flows that match `filter`, at most `filter.limit` of them. */
  connections(filter: ConnectionFilter): Promise<ConnectionsReport>;
  /** All counters. */
  stats(): Promise<StatsReport>;
  /** What the names of targets stand for. */
  dns(): Promise<DnsReport>;
  /** Resolves a name of targets now, and tells what it stands for then. */
  resolveHost(hostname: string): Promise<DnsReport>;
  /** Removes everything from the kernel; the daemon ends once the answer is sent. */
  detach(): Promise<void>;
}
