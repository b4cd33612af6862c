import type { Algorithm, Protocol } from '../config/index.ts';

/** The rows of the kernel's tables as user space speaks of them: addresses as text, flags as booleans. */

/** Where a proxy is reached: destination address, port and protocol. */
export interface ListenerEntry {
  readonly address: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly proxyId: number;
  /** Pool of the clients that no route matches. */
  readonly poolId: number;
  /** Targets see the balancer's address. */
  readonly snat: boolean;
  /** The proxy has source routes. */
  readonly sourceRoutes: boolean;
  /** The proxy has a {@link SourceLimitEntry}. */
  readonly sourceLimit: boolean;
  /** The proxy has SNI routes: TCP connections are bound when the client has said which name it wants. */
  readonly sniRoutes: boolean;
  /** The longest TCP segment that every path to a target takes; 0: unknown. Told to clients that are bound late. */
  readonly mss: number;
}

/** A limit as what one flow costs, in time: see bpf/rate.h. */
export interface RateRule {
  /** Nanoseconds between two flows at the full rate; 0: no limit. */
  readonly intervalNs: number;
  /** The burst less one, in intervals, nanoseconds. */
  readonly toleranceNs: number;
}

/** What a source may open at a proxy. */
export interface SourceLimitEntry extends RateRule {
  readonly proxyId: number;
  readonly ipv4PrefixLength: number;
  readonly ipv6PrefixLength: number;
}

/** A name that TLS clients ask for and its pool, for the clients of one IP version. */
export interface SniRouteEntry {
  readonly proxyId: number;
  /** See `nameHash`. The table holds no names. */
  readonly nameHash: bigint;
  readonly family: 4 | 6;
  readonly poolId: number;
}

/** A prefix of clients and its pool. */
export interface SourceRouteEntry {
  readonly proxyId: number;
  /** Canonical CIDR. */
  readonly source: string;
  readonly poolId: number;
}

/** A target, with the limit of what it takes. */
export interface TargetEntry extends RateRule {
  readonly id: number;
  readonly proxyId: number;
  readonly address: string;
  readonly port: number;
  /** It is an address of this host. */
  readonly local: boolean;
  /** It gets a header of the PROXY protocol (version 2) before the first byte of each TCP connection. */
  readonly proxyHeader: boolean;
  /** Source address towards it in snat mode. */
  readonly snatAddress: string | null;
}

/** How the kernel picks a slot. Least connections is a matter of weights: to the kernel it is weighted random. */
export type PoolAlgorithm = Exclude<Algorithm, 'least-connections'>;

/** The slots of a pool; `slotCount` 0 is an empty pool. */
export interface PoolEntry {
  readonly id: number;
  readonly algorithm: PoolAlgorithm;
  readonly slotBase: number;
  readonly slotCount: number;
}

/** How an interface is attached. */
export type HookMode = 'native' | 'generic' | 'tc';

/** An interface with our programs on it. */
export interface Attachment {
  readonly ifindex: number;
  readonly mode: HookMode;
}

/** One half of a flow as the kernel holds it. */
export interface FlowEntry {
  readonly protocol: Protocol;
  readonly direction: 'forward' | 'reply';
  readonly state: 'syn' | 'established' | 'closing' | 'udp';
  /** The packet's 5-tuple before the rewrite, `ip:port`. */
  readonly from: string;
  readonly to: string;
  /** And after it. */
  readonly newFrom: string;
  readonly newTo: string;
  readonly proxyId: number;
  readonly targetId: number;
  /** CLOCK_MONOTONIC. */
  readonly createdNs: bigint;
  readonly seenNs: bigint;
  readonly packets: number;
  readonly bytes: number;
}

/**
 * What became of attempts to open a TCP connection to a target. Each is answered, refused, unanswered, or still waiting;
 * who is answered after the time for it is both unanswered and answered.
 */
export interface AttemptCounts {
  /** The target sent a SYN-ACK. */
  readonly answered: number;
  /** And the client acknowledged it. */
  readonly established: number;
  /** The target sent a RST instead. */
  readonly refused: number;
  /** Nothing came within a second. */
  readonly unanswered: number;
}

/** Counters of one target, summed over the CPUs; they only grow. */
export interface TargetCounts {
  readonly forward: { readonly packets: number; readonly bytes: number };
  readonly reply: { readonly packets: number; readonly bytes: number };
  readonly flows: number;
  readonly attempts: AttemptCounts;
}
