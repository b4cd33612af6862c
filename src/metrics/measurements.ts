import type {
  AdminState,
  CircuitReport,
  DnsHostReport,
  DrainReport,
  FlowEventsReport,
  StatsReport,
  StatusReport,
  TargetName,
  TargetReport,
  TargetWeightReport,
} from '../report/index.ts';
import type { HistogramCounts } from './histogram.ts';

/** Counters of a target that the kernel knows. */
export interface CountedTarget extends Omit<TargetReport, 'weight' | 'pools'> {
  /** It is configured, or has open flows; others are only there to be summed up. */
  readonly isListed: boolean;
  /** New connections that its limit has refused; null without a limit. */
  readonly rateRefused: number | null;
  /** Seconds from SYN to SYN-ACK. */
  readonly latency: HistogramCounts;
}

/** What became of the health checks of a target since the daemon has started. */
export interface CheckTimings extends TargetName {
  readonly successes: number;
  readonly failures: number;
  /** Seconds, of all checks. */
  readonly latency: HistogramCounts;
}

/** Packets that a proxy has dropped because of limits. */
export interface ProxyDrops {
  readonly proxy: string;
  readonly source: number;
  readonly target: number;
}

/** How full a table of the kernel is. */
export interface TableFill {
  readonly table: string;
  readonly entries: number;
  readonly capacity: number;
}

/** All that metrics are made of, read at one time. */
export interface Measurements {
  readonly status: Omit<StatusReport, 'proxies'>;
  readonly isReady: boolean;
  readonly targets: readonly CountedTarget[];
  readonly reasons: StatsReport['reasons'];
  readonly weights: readonly TargetWeightReport[];
  readonly states: readonly (TargetName & { readonly state: AdminState })[];
  readonly drains: readonly DrainReport[];
  readonly circuits: readonly CircuitReport[];
  readonly checks: readonly CheckTimings[];
  readonly rateDrops: readonly ProxyDrops[];
  readonly hosts: readonly DnsHostReport[];
  readonly tables: readonly TableFill[];
  /** What was told of single flows, and what was lost of it. */
  readonly flowEvents: FlowEventsReport;
  /** How often each type of event has happened since the daemon has started. */
  readonly events: Readonly<Record<string, number>>;
  /** When a configuration was applied last, milliseconds since 1970. */
  readonly appliedAtMs: number;
}
