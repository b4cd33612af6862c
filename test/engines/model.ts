import type { HookName, Protocol, Tuple } from './model/basics.ts';
import type { CapturedRow, CaptureRow } from './model/capture.ts';
import type { HeldRow, HoldRow, SlotRow } from './model/held.ts';
import type { BucketRow, RefusedDelta, RuleRow, SourceBucketRow, SourceLimitRow } from './model/limits.ts';
import type { EventRow, LossesDelta, TellRow, ToldRow } from './model/told.ts';

/**
 * The language in which the data path is judged: a state of its tables, packets that come in, and what came of them.
 * Everything is plain data, so that a case can be written as YAML, made up by fast-check, sent to a native process or
 * to a guest, and compared field by field. Addresses are text, ports and ids numbers, MAC addresses `aa:bb:..`.
 */

export interface ListenerRow {
  readonly address: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly proxy: number;
  readonly pool: number;
  /** The proxy has source routes. */
  readonly sourceRoutes?: boolean;
  readonly snat?: boolean;
  /** The proxy limits its sources. */
  readonly sourceLimit?: boolean;
  /** The proxy has SNI routes. */
  readonly sniRoutes?: boolean;
  /** The longest segment that clients are told of; 0 unknown. */
  readonly mss?: number;
}

export interface SourceRouteRow {
  readonly proxy: number;
  /** `10.0.0.0/8`, `2001:db8::/32`. */
  readonly prefix: string;
  readonly pool: number;
}

export interface SniRouteRow {
  readonly proxy: number;
  /** `a.example`, `*.example`, in lower case. */
  readonly name: string;
  readonly family: 4 | 6;
  readonly pool: number;
}

export interface TargetRow {
  readonly address: string;
  readonly port: number;
  readonly proxy: number;
  /** An address of the balancer itself. */
  readonly local?: boolean;
  /** It gets a header of the PROXY protocol. */
  readonly proxyHeader?: boolean;
  /** The balancer's address towards the target; none means that there is no route. */
  readonly snatAddress?: string;
  readonly limit?: RuleRow;
  readonly bucket?: BucketRow;
}

/** What a flow half remembers of its next hop: nothing, an answer of an earlier epoch, or one of the current epoch. */
export type HopRow =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'stale' | 'fresh';
      readonly ifindex: number;
      readonly destinationMac: string;
      readonly sourceMac: string;
      readonly mtu: number;
    };

/** What the packets of a half that was bound late are translated by. */
export interface LateRow {
  readonly seqDelta: number;
  readonly ackDelta: number;
  /** The scales that client and target announced; null: they do not scale. */
  readonly scales: { readonly client: number; readonly target: number | null } | null;
  /** Bytes are held for the target. */
  readonly held: boolean;
}

/** One half of a flow, as `flows` and `pending` hold it. */
export interface FlowRow {
  readonly protocol: Protocol;
  /** The key: what a packet of this half looks like when it comes in. */
  readonly in: Tuple;
  /** What it looks like when it goes out. */
  readonly out: Tuple;
  readonly direction: 'forward' | 'reply';
  readonly state: 'syn' | 'established' | 'closing' | 'udp';
  readonly fin: boolean;
  readonly snat: boolean;
  readonly local: boolean;
  readonly proxy: number;
  readonly target: number;
  /** TCP: last acknowledgement number of this direction, 0 before the first. */
  readonly acked: number;
  /** TCP: sequence number of this direction's SYN. */
  readonly isn: number;
  readonly packets: number;
  readonly bytes: number;
  /**
   * How long ago, in whole epochs (2^30 ns), this half saw a packet, and was created. 0 is the current epoch: that in which
   * the case begins for a state, that in which the packet came in for an outcome. A case begins in the middle of one.
   */
  readonly seenEpochsAgo: number;
  readonly createdEpochsAgo: number;
  readonly hop: HopRow;
  /** The flow was bound late: what is added to sequence numbers and acknowledgements, and how windows are scaled. */
  readonly late?: LateRow;
  /**
   * The target gets a header: whether it has not yet acknowledged that, and whether it may ask for it, which is of the
   * forward half.
   */
  readonly header?: { readonly held: boolean; readonly ask: boolean };
}

export interface FragmentRow {
  readonly source: string;
  readonly destination: string;
  /** Identification field, as the number on the wire. */
  readonly id: number;
  readonly protocol: Protocol;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly epochsAgo: number;
}

/** How a pool picks the slot of a new connection. */
export interface PoolChoice {
  readonly algorithm: 'source-hash' | 'maglev' | 'round-robin';
  /** Round robin: connections that were dealt out before; default 0. */
  readonly turns?: number;
}

/** What the tables hold. The order of rows that have no id has no meaning. */
export interface State {
  /** Index: id of the pool. Elements: target ids, one for each slot. */
  readonly pools: readonly (readonly number[])[];
  /** By id of the pool: how it picks a slot, where that is not weighted random. */
  readonly choices?: Readonly<Record<number, PoolChoice>>;
  /** Index: id of the target. */
  readonly targets: readonly TargetRow[];
  readonly listeners: readonly ListenerRow[];
  readonly sourceRoutes: readonly SourceRouteRow[];
  readonly flows: readonly FlowRow[];
  readonly pending: readonly FlowRow[];
  readonly fragments: readonly FragmentRow[];
  readonly sourceLimits?: readonly SourceLimitRow[];
  readonly sourceBuckets?: readonly SourceBucketRow[];
  readonly sniRoutes?: readonly SniRouteRow[];
  /** Secrets of SYN cookies, 16 bytes in hex, by generation from 1 on. */
  readonly secrets?: readonly string[];
  /** Connections whose bytes are held, and the slots by index that differ from unused ones. */
  readonly held?: readonly HeldRow[];
  readonly slots?: Readonly<Record<number, SlotRow>>;
  /** Absent: nothing is told. */
  readonly tell?: TellRow;
  readonly told?: readonly ToldRow[];
  /** Somebody wants to see packets. */
  readonly capture?: CaptureRow;
}

/** Load-time options of the programs. */
export interface Options {
  /** Source ports of snat mode. A count of 1 leaves nothing to chance. */
  readonly snatPortMin: number;
  readonly snatPortCount: number;
  /** Whether XDP leaves new flows to TC to have their neighbour confirmed. */
  readonly confirmNewFlows: 'never' | 'always';
}

/** What comes in. */
export interface Input {
  readonly hook: HookName;
  /** Interface of {@link WORLD} on which it comes in, or at egress goes out. */
  readonly ifindex: number;
  /** The Ethernet frame. */
  readonly frame: Uint8Array;
  /** TC only: the packet will be cut into segments of this payload when it is sent. */
  readonly gso?: { readonly size: number; readonly segments: number };
  /** TC only: bytes of the frame that lie in the linear part of the skb, which may be none; default all. */
  readonly linear?: number;
  /**
   * TC only: the transport checksum holds the pseudo-header's sum only (CHECKSUM_PARTIAL). Means nothing for a frame
   * whose transport header, behind options and extension headers, is neither TCP nor UDP.
   */
  readonly partialChecksum?: boolean;
  /** TC only: the NIC has stripped a VLAN tag. */
  readonly vlanStripped?: boolean;
  /** What the random number generator will say, in order; zeros after that. Slot choice, snat port, confirmation. */
  readonly randoms?: readonly number[];
  /** Epochs that pass before this packet comes in; default 0. */
  readonly epochsLater?: number;
}

/** What an engine can be given and can tell. Cases that need more are skipped on it, and counted as skipped. */
export interface Capabilities {
  readonly hooks: readonly HookName[];
  /** `randoms` are obeyed. Without: cases must not depend on chance. */
  readonly randoms: boolean;
  /** `epochsLater` is obeyed. */
  readonly clock: boolean;
  readonly gso: boolean;
  readonly linear: boolean;
  readonly partialChecksum: boolean;
  readonly vlanStripped: boolean;
  /** `Outcome.redirect` is told. */
  readonly redirect: boolean;
  /** At TC a frame must hold the whole fixed part of its IP header (bpf_prog_test_run_skb of newer kernels). */
  readonly needsIpHeader?: boolean;
}

/** Packets and bytes per direction, flows opened, and what became of attempts to connect, of one target. */
export interface TargetDelta {
  readonly forwardPackets: number;
  readonly forwardBytes: number;
  readonly replyPackets: number;
  readonly replyBytes: number;
  readonly flows: number;
  readonly answered: number;
  readonly established: number;
  readonly refused: number;
  readonly unanswered: number;
  /** Whole epochs that answers to SYNs took, together. */
  readonly connectEpochs: number;
  /** 1 when what was answered is not in the histogram of latencies once, in the bucket where its time belongs. */
  readonly mismeasured: number;
}

/** A target that has counted nothing. */
export const NOTHING_COUNTED: TargetDelta = {
  forwardPackets: 0,
  forwardBytes: 0,
  replyPackets: 0,
  replyBytes: 0,
  flows: 0,
  answered: 0,
  established: 0,
  refused: 0,
  unanswered: 0,
  connectEpochs: 0,
  mismeasured: 0,
};

/** What came of one packet. */
export interface Outcome {
  readonly verdict: 'pass' | 'drop' | 'redirect' | 'aborted';
  /** The frame as the program left it; partial checksums are still partial. */
  readonly frame: Uint8Array;
  /** On verdict `redirect`: where to, and whether the kernel is to fill in the MAC addresses (`bpf_redirect_neigh`). */
  readonly redirect?: { readonly ifindex: number; readonly resolve: boolean };
  /** Copies that were sent on before the packet itself, if `redirect` is told. */
  readonly copies?: readonly { readonly ifindex: number; readonly frame: Uint8Array }[];
  /**
   * What the counters of the hook grew by: `forwarded_established`, `passed_no_listener`, `dropped_too_big`... without zeros.
   * Those of another hook, which never should, come under its name: `tc_egress/passed_vlan`.
   */
  readonly reasons: Readonly<Record<string, number>>;
  /** By target id; targets that counted nothing are absent. */
  readonly targets: Readonly<Record<number, TargetDelta>>;
  /** What the counter of failed attempts grew by. */
  readonly failures: number;
  readonly flows: readonly FlowRow[];
  readonly pending: readonly FlowRow[];
  readonly fragments: readonly FragmentRow[];
  /** Connections whose bytes are held, or were. */
  readonly held: readonly HoldRow[];
  readonly sourceBuckets: readonly SourceBucketRow[];
  /** By target id; those that owe nothing and refused nothing are absent. */
  readonly targetBuckets: Readonly<Record<number, BucketRow>>;
  /** What the counters of refused packets grew by, by proxy; without those that did not. */
  readonly refused: Readonly<Record<number, RefusedDelta>>;
  /** What is told of flows, in this order. */
  readonly events: readonly EventRow[];
  readonly losses: LossesDelta;
  /** TC, when asked for: whether a sum that the NIC had made of the packet (CHECKSUM_COMPLETE) would still be right. */
  readonly hardwareChecksum?: 'kept' | 'broken';
  /** What a reader of captured packets was told of this one; absent: nothing. */
  readonly captured?: CapturedRow;
  /** It should have been told, but found no room, or too many came before it. Native engine only. */
  readonly captureLost?: true;
}

/** A state and the packets that come in, one after another. */
export interface Case {
  readonly name: string;
  readonly options: Options;
  readonly state: State;
  readonly inputs: readonly Input[];
}

/** Something that runs the data path: this kernel, the same C built natively, a guest. */
export interface Engine extends AsyncDisposable {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** Runs cases, each from its own state; one outcome for each input. */
  run(cases: readonly Case[]): Promise<readonly (readonly Outcome[])[]>;
}
