import type { Algorithm, ForwardMode, Protocol } from '../config/index.ts';
import type { FileReport } from './config-report.ts';

/** What a running balancer says of itself: plain JSON-able data, shared by control, admin and CLI. */

/** One attached interface. */
export interface InterfaceReport {
  readonly name: string;
  /** 0 when the interface is missing. */
  readonly index: number;
  /** Why it is attached. */
  readonly role: 'listen' | 'reply' | 'both';
  /** What is attached now; `detached` when the interface is missing. */
  readonly mode: 'native' | 'generic' | 'tc' | 'detached';
}

/** Packets and bytes of one direction. */
export interface TrafficReport {
  readonly packets: number;
  readonly bytes: number;
}

/** What became of attempts to open a TCP connection. Counters of UDP stay 0. */
export interface AttemptsReport {
  /** The target answered the SYN. */
  readonly answered: number;
  /** And the client acknowledged that. */
  readonly established: number;
  /** The target refused by a RST. */
  readonly refused: number;
  /** The target did not answer within a second; if it did later, it has answered too. */
  readonly unanswered: number;
}

/** One target of a proxy. */
export interface TargetReport {
  readonly proxy: string;
  /** `ip:port`, or `[ip]:port` for IPv6. */
  readonly target: string;
  /** Share of new connections now in the first of its pools, percent. */
  readonly weight: number;
  /**
   * Pools that name it: `default`, the network of a source route, the name of an SNI route. None when it was removed
   * and still has open flows.
   */
  readonly pools: readonly string[];
  /** Flows open now. */
  readonly activeFlows: number;
  /** Flows ever opened. */
  readonly flows: number;
  readonly forward: TrafficReport;
  readonly reply: TrafficReport;
  readonly attempts: AttemptsReport;
}

/** One proxy: where it listens and what it sends to. */
export interface ProxyReport {
  readonly name: string;
  readonly mode: ForwardMode;
  /** How connections that no route matches choose their target. */
  readonly algorithm: Algorithm;
  /** `address:port/protocol`, one per listener. */
  readonly listeners: readonly string[];
  readonly targets: readonly TargetReport[];
}

/** How much is balanced. */
export interface BalancerSize {
  readonly proxies: number;
  /** Targets with an address; one of several proxies counts in each. */
  readonly targets: number;
}

/** Answer of `GET /v1/status`. */
export interface StatusReport {
  readonly version: string;
  readonly instance: string;
  readonly pid: number;
  readonly startedAt: string;
  /** Counts applied configurations of this instance, over daemon restarts. */
  readonly generation: number;
  /** SHA-256 of the applied configuration model, hex. */
  readonly configHash: string;
  readonly configFile: string | null;
  /** How the running configuration and its file compare; null without a file. */
  readonly file: FileReport | null;
  readonly interfaces: readonly InterfaceReport[];
  readonly proxies: readonly ProxyReport[];
  readonly flows: {
    /** Lasting flows that are open: of `max`, and of up to 64 more per CPU, for which the table keeps room. */
    readonly active: number;
    /** New flows that wait for the client's ACK (TCP), or are younger than about a second (UDP). */
    readonly pending: number;
    readonly max: number;
  };
  readonly warnings: readonly string[];
}

/** One flow of `GET /v1/connections`. */
export interface ConnectionReport {
  readonly protocol: Protocol;
  readonly client: string;
  readonly listener: string;
  readonly target: string;
  readonly proxy: string;
  readonly state: 'syn' | 'established' | 'closing' | 'udp';
  readonly ageSeconds: number;
  readonly idleSeconds: number;
  readonly forward: TrafficReport;
  readonly reply: TrafficReport;
}

/** Answer of `GET /v1/connections`. */
export interface ConnectionsReport extends ListTotal {
  readonly connections: readonly ConnectionReport[];
}

/** What was told of single flows since the daemon started, and what was lost. */
export interface FlowEventsReport {
  /** Of so many flows one is told of and logged, as the kernel was told; 0: of none. */
  readonly oneIn: number;
  /** Events that were read from the kernel. */
  readonly read: number;
  /** Since the instance was attached. */
  readonly lost: {
    /** Events that the kernel had no room for: nobody read them in time. */
    readonly opened: number;
    readonly closed: number;
    /** Flows of which nothing is told, because the table of those that are told of was full. */
    readonly flows: number;
  };
  readonly accessLog: {
    /** Records in the file. */
    readonly written: number;
    /** Records that the file did not take in time. */
    readonly dropped: number;
  };
}

/** Answer of `GET /v1/stats`. All counters only grow while the instance is attached. */
export interface StatsReport {
  readonly totals: {
    /** Open flows, lasting and new ones. */
    readonly activeFlows: number;
    readonly flows: number;
    readonly forward: TrafficReport;
    readonly reply: TrafficReport;
    readonly attempts: AttemptsReport;
  };
  readonly targets: readonly TargetReport[];
  /** Packets by hook and reason; within a hook they sum to the packets seen there. */
  readonly reasons: readonly {
    readonly hook: string;
    readonly reason: string;
    /** What happened to the packet: `forwarded`, `passed` or `dropped`. */
    readonly outcome: 'forwarded' | 'passed' | 'dropped';
    readonly packets: number;
  }[];
  readonly flowEvents: FlowEventsReport;
}

/** One name of targets. */
export interface DnsHostReport {
  readonly hostname: string;
  /** Names of the proxies whose targets have it. */
  readonly proxies: readonly string[];
  /** What it stands for: the last good answer. */
  readonly addresses: readonly {
    readonly address: string;
    /** The port of an SRV record; null where the target's own port counts. */
    readonly port: number | null;
    /** Share of the name's weight among addresses of its IP version, 0 to 1. */
    readonly share: number;
  }[];
  /** Life of its records; null when their source does not say. */
  readonly ttlSeconds: number | null;
  /** When the last good answer came. */
  readonly resolvedAt: string;
  /** Failures since then. */
  readonly consecutiveFailures: number;
  readonly lastError: string | null;
  /** When it is resolved again; null while it is being resolved. */
  readonly nextAt: string | null;
}

/** Answer of `GET /v1/dns`. */
export interface DnsReport {
  readonly hosts: readonly DnsHostReport[];
}

/** Which rows of a list to tell. */
export interface ListFilter {
  /** Only what belongs to this proxy. */
  readonly proxy?: string | undefined;
  /** Most rows. */
  readonly limit?: number | undefined;
  /** Rows to leave out first; default 0. */
  readonly offset?: number | undefined;
}

/** How many rows a list has, also beyond the limit. */
export interface ListTotal {
  readonly total: number;
}

/** Which flows to list. Their order is that of the table, and changes while flows come and go. */
export interface ConnectionFilter extends ListFilter {
  readonly target?: string | undefined;
  readonly client?: string | undefined;
}

/** Whether a balancer does its work: answer of `GET /readyz`. */
export interface ReadinessReport {
  readonly ready: boolean;
  /** Why it is not ready; empty when it is. */
  readonly reasons: readonly string[];
}
