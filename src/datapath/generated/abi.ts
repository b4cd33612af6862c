// Made by scripts/generate from the type information (BTF) of the kernel object. Do not edit: change bpf/ and run it.

/** `enum abi` */
export const Abi = {
  version: 2,
} as const;

/** A value of `enum abi`. */
export type Abi = (typeof Abi)[keyof typeof Abi];

/** Labels of `enum abi` by value. */
export const ABI_NAMES: Readonly<Record<number, string>> = {
  2: 'version',
};

/** `enum capture_end` */
export const CaptureEnd = {
  source: 1,
  destination: 2,
} as const;

/** A value of `enum capture_end`. */
export type CaptureEnd = (typeof CaptureEnd)[keyof typeof CaptureEnd];

/** Labels of `enum capture_end` by value. */
export const CAPTURE_END_NAMES: Readonly<Record<number, string>> = {
  1: 'source',
  2: 'destination',
};

/** `enum flow_direction` */
export const FlowDirection = {
  forward: 0,
  reply: 1,
} as const;

/** A value of `enum flow_direction`. */
export type FlowDirection = (typeof FlowDirection)[keyof typeof FlowDirection];

/** Labels of `enum flow_direction` by value. */
export const FLOW_DIRECTION_NAMES: readonly string[] = [
  'forward',
  'reply',
];

/** `enum flow_end` */
export const FlowEnd = {
  none: 0,
  fin: 1,
  rst: 2,
  refused: 3,
  timeout: 4,
  evicted: 5,
} as const;

/** A value of `enum flow_end`. */
export type FlowEnd = (typeof FlowEnd)[keyof typeof FlowEnd];

/** Labels of `enum flow_end` by value. */
export const FLOW_END_NAMES: readonly string[] = [
  'none',
  'fin',
  'rst',
  'refused',
  'timeout',
  'evicted',
];

/** `enum flow_event_flag` */
export const FlowEventFlag = {
  incomplete: 1,
} as const;

/** A value of `enum flow_event_flag`. */
export type FlowEventFlag = (typeof FlowEventFlag)[keyof typeof FlowEventFlag];

/** Labels of `enum flow_event_flag` by value. */
export const FLOW_EVENT_FLAG_NAMES: Readonly<Record<number, string>> = {
  1: 'incomplete',
};

/** `enum flow_flag` */
export const FlowFlag = {
  fin: 1,
  snat: 2,
  local: 4,
  late: 8,
  held: 16,
  header: 32,
  ask: 64,
} as const;

/** A value of `enum flow_flag`. */
export type FlowFlag = (typeof FlowFlag)[keyof typeof FlowFlag];

/** Labels of `enum flow_flag` by value. */
export const FLOW_FLAG_NAMES: Readonly<Record<number, string>> = {
  1: 'fin',
  2: 'snat',
  4: 'local',
  8: 'late',
  16: 'held',
  32: 'header',
  64: 'ask',
};

/** `enum flow_route` */
export const FlowRoute = {
  default: 0,
  source: 1,
  sni: 2,
} as const;

/** A value of `enum flow_route`. */
export type FlowRoute = (typeof FlowRoute)[keyof typeof FlowRoute];

/** Labels of `enum flow_route` by value. */
export const FLOW_ROUTE_NAMES: readonly string[] = [
  'default',
  'source',
  'sni',
];

/** `enum flow_state` */
export const FlowState = {
  syn: 0,
  established: 1,
  closing: 2,
  udp: 3,
} as const;

/** A value of `enum flow_state`. */
export type FlowState = (typeof FlowState)[keyof typeof FlowState];

/** Labels of `enum flow_state` by value. */
export const FLOW_STATE_NAMES: readonly string[] = [
  'syn',
  'established',
  'closing',
  'udp',
];

/** `enum hook` */
export const Hook = {
  xdpIngress: 0,
  tcIngress: 1,
  tcEgress: 2,
} as const;

/** A value of `enum hook`. */
export type Hook = (typeof Hook)[keyof typeof Hook];

/** Labels of `enum hook` by value. */
export const HOOK_NAMES: readonly string[] = [
  'xdp_ingress',
  'tc_ingress',
  'tc_egress',
];

/** How many values `enum hook` has. */
export const HOOK_COUNT = 3;

/** `enum latency_scale` */
export const LatencyScale = {
  firstShift: 14,
  buckets: 21,
} as const;

/** A value of `enum latency_scale`. */
export type LatencyScale = (typeof LatencyScale)[keyof typeof LatencyScale];

/** Labels of `enum latency_scale` by value. */
export const LATENCY_SCALE_NAMES: Readonly<Record<number, string>> = {
  14: 'first_shift',
  21: 'buckets',
};

/** `enum listener_flag` */
export const ListenerFlag = {
  sourceRoutes: 1,
  snat: 2,
  sourceLimit: 4,
  sni: 8,
  late: 16,
} as const;

/** A value of `enum listener_flag`. */
export type ListenerFlag = (typeof ListenerFlag)[keyof typeof ListenerFlag];

/** Labels of `enum listener_flag` by value. */
export const LISTENER_FLAG_NAMES: Readonly<Record<number, string>> = {
  1: 'source_routes',
  2: 'snat',
  4: 'source_limit',
  8: 'sni',
  16: 'late',
};

/** `enum pool_algorithm` */
export const PoolAlgorithm = {
  weightedRandom: 0,
  sourceHash: 1,
  maglev: 2,
  roundRobin: 3,
} as const;

/** A value of `enum pool_algorithm`. */
export type PoolAlgorithm = (typeof PoolAlgorithm)[keyof typeof PoolAlgorithm];

/** Labels of `enum pool_algorithm` by value. */
export const POOL_ALGORITHM_NAMES: readonly string[] = [
  'weighted_random',
  'source_hash',
  'maglev',
  'round_robin',
];

/** `enum pool_shape` */
export const PoolShape = {
  slotBits: 24,
} as const;

/** A value of `enum pool_shape`. */
export type PoolShape = (typeof PoolShape)[keyof typeof PoolShape];

/** Labels of `enum pool_shape` by value. */
export const POOL_SHAPE_NAMES: Readonly<Record<number, string>> = {
  24: 'slot_bits',
};

/** `enum reason` */
export const Reason = {
  none: 0,
  forwardedEstablished: 1,
  forwardedNewFlow: 2,
  forwardedReply: 3,
  forwardedFragment: 4,
  forwardedIcmpError: 5,
  forwardedTooBig: 6,
  forwardedCookie: 7,
  forwardedHeld: 8,
  forwardedReplayed: 9,
  forwardedReset: 10,
  passedNotIp: 16,
  passedVlan: 17,
  passedOtherHost: 18,
  passedMalformed: 19,
  passedExtensionHeaders: 20,
  passedOtherProtocol: 21,
  passedUnknownFragment: 22,
  passedNoListener: 23,
  passedMartian: 24,
  passedNoFlow: 25,
  passedToTc: 26,
  passedToEgress: 27,
  droppedNoTarget: 40,
  droppedNoSnatPort: 41,
  droppedTupleConflict: 42,
  droppedTableFull: 43,
  droppedNoRoute: 44,
  droppedForwardingDisabled: 45,
  droppedTtlExpired: 46,
  droppedTooBig: 47,
  droppedRewriteFailed: 48,
  droppedRateLimitedSource: 49,
  droppedRateLimitedTarget: 50,
  droppedNothingHeld: 51,
  droppedOutOfRoom: 52,
  droppedBusy: 53,
} as const;

/** A value of `enum reason`. */
export type Reason = (typeof Reason)[keyof typeof Reason];

/** Labels of `enum reason` by value. */
export const REASON_NAMES: Readonly<Record<number, string>> = {
  0: 'none',
  1: 'forwarded_established',
  2: 'forwarded_new_flow',
  3: 'forwarded_reply',
  4: 'forwarded_fragment',
  5: 'forwarded_icmp_error',
  6: 'forwarded_too_big',
  7: 'forwarded_cookie',
  8: 'forwarded_held',
  9: 'forwarded_replayed',
  10: 'forwarded_reset',
  16: 'passed_not_ip',
  17: 'passed_vlan',
  18: 'passed_other_host',
  19: 'passed_malformed',
  20: 'passed_extension_headers',
  21: 'passed_other_protocol',
  22: 'passed_unknown_fragment',
  23: 'passed_no_listener',
  24: 'passed_martian',
  25: 'passed_no_flow',
  26: 'passed_to_tc',
  27: 'passed_to_egress',
  40: 'dropped_no_target',
  41: 'dropped_no_snat_port',
  42: 'dropped_tuple_conflict',
  43: 'dropped_table_full',
  44: 'dropped_no_route',
  45: 'dropped_forwarding_disabled',
  46: 'dropped_ttl_expired',
  47: 'dropped_too_big',
  48: 'dropped_rewrite_failed',
  49: 'dropped_rate_limited_source',
  50: 'dropped_rate_limited_target',
  51: 'dropped_nothing_held',
  52: 'dropped_out_of_room',
  53: 'dropped_busy',
};

/** `enum target_flag` */
export const TargetFlag = {
  local: 1,
  proxyHeader: 2,
} as const;

/** A value of `enum target_flag`. */
export type TargetFlag = (typeof TargetFlag)[keyof typeof TargetFlag];

/** Labels of `enum target_flag` by value. */
export const TARGET_FLAG_NAMES: Readonly<Record<number, string>> = {
  1: 'local',
  2: 'proxy_header',
};

/** `struct address` */
export interface Address {
  readonly bytes: Buffer;
}

/** Bytes of `struct address`. */
export const ADDRESS_SIZE = 16;

/** Reads a `struct address`. */
export function readAddress(buf: Buffer, offset = 0): Address {
  return {
    bytes: getBytes(buf, offset, 16),
  };
}

/** Writes a `struct address`; padding becomes zero. */
export function writeAddress(value: Address, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + ADDRESS_SIZE);
  putBytes(value.bytes, buf, offset, 16);
}

/** `struct flow_key` */
export interface FlowKey {
  readonly src: Address;
  readonly dst: Address;
  readonly sport: number;
  readonly dport: number;
  readonly protocol: number;
}

/** Bytes of `struct flow_key`. */
export const FLOW_KEY_SIZE = 40;

/** Reads a `struct flow_key`. */
export function readFlowKey(buf: Buffer, offset = 0): FlowKey {
  return {
    src: readAddress(buf, offset),
    dst: readAddress(buf, offset + 16),
    sport: buf.readUInt16BE(offset + 32),
    dport: buf.readUInt16BE(offset + 34),
    protocol: buf.readUInt8(offset + 36),
  };
}

/** Writes a `struct flow_key`; padding becomes zero. */
export function writeFlowKey(value: FlowKey, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + FLOW_KEY_SIZE);
  writeAddress(value.src, buf, offset);
  writeAddress(value.dst, buf, offset + 16);
  buf.writeUInt16BE(value.sport, offset + 32);
  buf.writeUInt16BE(value.dport, offset + 34);
  buf.writeUInt8(value.protocol, offset + 36);
}

/** `struct traffic` */
export interface Traffic {
  readonly packets: bigint;
  readonly bytes: bigint;
}

/** Bytes of `struct traffic`. */
export const TRAFFIC_SIZE = 16;

/** Reads a `struct traffic`. */
export function readTraffic(buf: Buffer, offset = 0): Traffic {
  return {
    packets: buf.readBigUInt64LE(offset),
    bytes: buf.readBigUInt64LE(offset + 8),
  };
}

/** Writes a `struct traffic`; padding becomes zero. */
export function writeTraffic(value: Traffic, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + TRAFFIC_SIZE);
  buf.writeBigUInt64LE(value.packets, offset);
  buf.writeBigUInt64LE(value.bytes, offset + 8);
}

/** `struct told_half` */
export interface ToldHalf {
  readonly before: Traffic;
  readonly last: Traffic;
}

/** Bytes of `struct told_half`. */
export const TOLD_HALF_SIZE = 32;

/** Reads a `struct told_half`. */
export function readToldHalf(buf: Buffer, offset = 0): ToldHalf {
  return {
    before: readTraffic(buf, offset),
    last: readTraffic(buf, offset + 16),
  };
}

/** Writes a `struct told_half`; padding becomes zero. */
export function writeToldHalf(value: ToldHalf, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + TOLD_HALF_SIZE);
  writeTraffic(value.before, buf, offset);
  writeTraffic(value.last, buf, offset + 16);
}

/** `struct told_flow` */
export interface ToldFlow {
  readonly reply: FlowKey;
  readonly name: bigint;
  readonly openedNs: bigint;
  readonly seenNs: bigint;
  readonly forward: ToldHalf;
  readonly backward: ToldHalf;
  readonly proxy: number;
  readonly target: number;
  readonly route: number;
  readonly flags: number;
}

/** Bytes of `struct told_flow`. */
export const TOLD_FLOW_SIZE = 144;

/** Reads a `struct told_flow`. */
export function readToldFlow(buf: Buffer, offset = 0): ToldFlow {
  return {
    reply: readFlowKey(buf, offset),
    name: buf.readBigUInt64LE(offset + 40),
    openedNs: buf.readBigUInt64LE(offset + 48),
    seenNs: buf.readBigUInt64LE(offset + 56),
    forward: readToldHalf(buf, offset + 64),
    backward: readToldHalf(buf, offset + 96),
    proxy: buf.readUInt32LE(offset + 128),
    target: buf.readUInt32LE(offset + 132),
    route: buf.readUInt8(offset + 136),
    flags: buf.readUInt8(offset + 137),
  };
}

/** Writes a `struct told_flow`; padding becomes zero. */
export function writeToldFlow(value: ToldFlow, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + TOLD_FLOW_SIZE);
  writeFlowKey(value.reply, buf, offset);
  buf.writeBigUInt64LE(value.name, offset + 40);
  buf.writeBigUInt64LE(value.openedNs, offset + 48);
  buf.writeBigUInt64LE(value.seenNs, offset + 56);
  writeToldHalf(value.forward, buf, offset + 64);
  writeToldHalf(value.backward, buf, offset + 96);
  buf.writeUInt32LE(value.proxy, offset + 128);
  buf.writeUInt32LE(value.target, offset + 132);
  buf.writeUInt8(value.route, offset + 136);
  buf.writeUInt8(value.flags, offset + 137);
}

/** `struct next_hop` */
export interface NextHop {
  readonly epoch: number;
  readonly ifindex: number;
  readonly macs: Buffer;
  readonly mtu: number;
}

/** Bytes of `struct next_hop`. */
export const NEXT_HOP_SIZE = 24;

/** Reads a `struct next_hop`. */
export function readNextHop(buf: Buffer, offset = 0): NextHop {
  return {
    epoch: buf.readUInt32LE(offset),
    ifindex: buf.readUInt32LE(offset + 4),
    macs: getBytes(buf, offset + 8, 12),
    mtu: buf.readUInt16LE(offset + 20),
  };
}

/** Writes a `struct next_hop`; padding becomes zero. */
export function writeNextHop(value: NextHop, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + NEXT_HOP_SIZE);
  buf.writeUInt32LE(value.epoch, offset);
  buf.writeUInt32LE(value.ifindex, offset + 4);
  putBytes(value.macs, buf, offset + 8, 12);
  buf.writeUInt16LE(value.mtu, offset + 20);
}

/** `struct flow` */
export interface Flow {
  readonly src: Address;
  readonly dst: Address;
  readonly sport: number;
  readonly dport: number;
  readonly direction: number;
  readonly state: number;
  readonly flags: number;
  readonly scales: number;
  readonly proxy: number;
  readonly target: number;
  readonly addressDelta: number;
  readonly portDelta: number;
  readonly hop: NextHop;
  readonly acked: number;
  readonly isn: number;
  readonly seenNs: bigint;
  readonly packets: bigint;
  readonly bytes: bigint;
  readonly createdNs: bigint;
  readonly seqDelta: number;
  readonly ackDelta: number;
}

/** Bytes of `struct flow`. */
export const FLOW_SIZE = 128;

/** Reads a `struct flow`. */
export function readFlow(buf: Buffer, offset = 0): Flow {
  return {
    src: readAddress(buf, offset),
    dst: readAddress(buf, offset + 16),
    sport: buf.readUInt16BE(offset + 32),
    dport: buf.readUInt16BE(offset + 34),
    direction: buf.readUInt8(offset + 36),
    state: buf.readUInt8(offset + 37),
    flags: buf.readUInt8(offset + 38),
    scales: buf.readUInt8(offset + 39),
    proxy: buf.readUInt32LE(offset + 40),
    target: buf.readUInt32LE(offset + 44),
    addressDelta: buf.readUInt32LE(offset + 48),
    portDelta: buf.readUInt32LE(offset + 52),
    hop: readNextHop(buf, offset + 56),
    acked: buf.readUInt32BE(offset + 80),
    isn: buf.readUInt32BE(offset + 84),
    seenNs: buf.readBigUInt64LE(offset + 88),
    packets: buf.readBigUInt64LE(offset + 96),
    bytes: buf.readBigUInt64LE(offset + 104),
    createdNs: buf.readBigUInt64LE(offset + 112),
    seqDelta: buf.readUInt32LE(offset + 120),
    ackDelta: buf.readUInt32LE(offset + 124),
  };
}

/** Writes a `struct flow`; padding becomes zero. */
export function writeFlow(value: Flow, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + FLOW_SIZE);
  writeAddress(value.src, buf, offset);
  writeAddress(value.dst, buf, offset + 16);
  buf.writeUInt16BE(value.sport, offset + 32);
  buf.writeUInt16BE(value.dport, offset + 34);
  buf.writeUInt8(value.direction, offset + 36);
  buf.writeUInt8(value.state, offset + 37);
  buf.writeUInt8(value.flags, offset + 38);
  buf.writeUInt8(value.scales, offset + 39);
  buf.writeUInt32LE(value.proxy, offset + 40);
  buf.writeUInt32LE(value.target, offset + 44);
  buf.writeUInt32LE(value.addressDelta, offset + 48);
  buf.writeUInt32LE(value.portDelta, offset + 52);
  writeNextHop(value.hop, buf, offset + 56);
  buf.writeUInt32BE(value.acked, offset + 80);
  buf.writeUInt32BE(value.isn, offset + 84);
  buf.writeBigUInt64LE(value.seenNs, offset + 88);
  buf.writeBigUInt64LE(value.packets, offset + 96);
  buf.writeBigUInt64LE(value.bytes, offset + 104);
  buf.writeBigUInt64LE(value.createdNs, offset + 112);
  buf.writeUInt32LE(value.seqDelta, offset + 120);
  buf.writeUInt32LE(value.ackDelta, offset + 124);
}

/** `struct slot_run` */
export interface SlotRun {
  readonly base: number;
  readonly count: number;
  readonly first: number;
}

/** Bytes of `struct slot_run`. */
export const SLOT_RUN_SIZE = 12;

/** Reads a `struct slot_run`. */
export function readSlotRun(buf: Buffer, offset = 0): SlotRun {
  return {
    base: buf.readUInt32LE(offset),
    count: buf.readUInt32LE(offset + 4),
    first: buf.readUInt32LE(offset + 8),
  };
}

/** Writes a `struct slot_run`; padding becomes zero. */
export function writeSlotRun(value: SlotRun, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + SLOT_RUN_SIZE);
  buf.writeUInt32LE(value.base, offset);
  buf.writeUInt32LE(value.count, offset + 4);
  buf.writeUInt32LE(value.first, offset + 8);
}

/** `struct flow_draft` */
export interface FlowDraft {
  readonly key: FlowKey;
  readonly replyKey: FlowKey;
  readonly forward: Flow;
  readonly reply: Flow;
  readonly run: SlotRun;
  readonly route: number;
  readonly told: ToldFlow;
}

/** Bytes of `struct flow_draft`. */
export const FLOW_DRAFT_SIZE = 496;

/** Reads a `struct flow_draft`. */
export function readFlowDraft(buf: Buffer, offset = 0): FlowDraft {
  return {
    key: readFlowKey(buf, offset),
    replyKey: readFlowKey(buf, offset + 40),
    forward: readFlow(buf, offset + 80),
    reply: readFlow(buf, offset + 208),
    run: readSlotRun(buf, offset + 336),
    route: buf.readUInt32LE(offset + 348),
    told: readToldFlow(buf, offset + 352),
  };
}

/** Writes a `struct flow_draft`; padding becomes zero. */
export function writeFlowDraft(value: FlowDraft, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + FLOW_DRAFT_SIZE);
  writeFlowKey(value.key, buf, offset);
  writeFlowKey(value.replyKey, buf, offset + 40);
  writeFlow(value.forward, buf, offset + 80);
  writeFlow(value.reply, buf, offset + 208);
  writeSlotRun(value.run, buf, offset + 336);
  buf.writeUInt32LE(value.route, offset + 348);
  writeToldFlow(value.told, buf, offset + 352);
}

/** `struct connect_latency` */
export interface ConnectLatency {
  readonly sumNs: bigint;
  readonly buckets: readonly bigint[];
}

/** Bytes of `struct connect_latency`. */
export const CONNECT_LATENCY_SIZE = 176;

/** Reads a `struct connect_latency`. */
export function readConnectLatency(buf: Buffer, offset = 0): ConnectLatency {
  return {
    sumNs: buf.readBigUInt64LE(offset),
    buckets: Array.from({ length: 21 }, (_, index) => buf.readBigUInt64LE(offset + 8 + index * 8)),
  };
}

/** Writes a `struct connect_latency`; padding becomes zero. */
export function writeConnectLatency(value: ConnectLatency, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + CONNECT_LATENCY_SIZE);
  buf.writeBigUInt64LE(value.sumNs, offset);
  putEach(value.buckets, 21, (element, index) => buf.writeBigUInt64LE(element, offset + 8 + index * 8));
}

/** `struct target_counters` */
export interface TargetCounters {
  readonly forward: Traffic;
  readonly reply: Traffic;
  readonly flows: bigint;
  readonly answered: bigint;
  readonly established: bigint;
  readonly refused: bigint;
  readonly unanswered: bigint;
}

/** Bytes of `struct target_counters`. */
export const TARGET_COUNTERS_SIZE = 72;

/** Reads a `struct target_counters`. */
export function readTargetCounters(buf: Buffer, offset = 0): TargetCounters {
  return {
    forward: readTraffic(buf, offset),
    reply: readTraffic(buf, offset + 16),
    flows: buf.readBigUInt64LE(offset + 32),
    answered: buf.readBigUInt64LE(offset + 40),
    established: buf.readBigUInt64LE(offset + 48),
    refused: buf.readBigUInt64LE(offset + 56),
    unanswered: buf.readBigUInt64LE(offset + 64),
  };
}

/** Writes a `struct target_counters`; padding becomes zero. */
export function writeTargetCounters(value: TargetCounters, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + TARGET_COUNTERS_SIZE);
  writeTraffic(value.forward, buf, offset);
  writeTraffic(value.reply, buf, offset + 16);
  buf.writeBigUInt64LE(value.flows, offset + 32);
  buf.writeBigUInt64LE(value.answered, offset + 40);
  buf.writeBigUInt64LE(value.established, offset + 48);
  buf.writeBigUInt64LE(value.refused, offset + 56);
  buf.writeBigUInt64LE(value.unanswered, offset + 64);
}

/** `struct tcp_options` */
export interface TcpOptions {
  readonly from: Buffer;
  readonly to: Buffer;
}

/** Bytes of `struct tcp_options`. */
export const TCP_OPTIONS_SIZE = 136;

/** Reads a `struct tcp_options`. */
export function readTcpOptions(buf: Buffer, offset = 0): TcpOptions {
  return {
    from: getBytes(buf, offset, 68),
    to: getBytes(buf, offset + 68, 68),
  };
}

/** Writes a `struct tcp_options`; padding becomes zero. */
export function writeTcpOptions(value: TcpOptions, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + TCP_OPTIONS_SIZE);
  putBytes(value.from, buf, offset, 68);
  putBytes(value.to, buf, offset + 68, 68);
}

/** `struct late_range` */
export interface LateRange {
  readonly start: number;
  readonly end: number;
}

/** Bytes of `struct late_range`. */
export const LATE_RANGE_SIZE = 4;

/** Reads a `struct late_range`. */
export function readLateRange(buf: Buffer, offset = 0): LateRange {
  return {
    start: buf.readUInt16LE(offset),
    end: buf.readUInt16LE(offset + 2),
  };
}

/** Writes a `struct late_range`; padding becomes zero. */
export function writeLateRange(value: LateRange, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + LATE_RANGE_SIZE);
  buf.writeUInt16LE(value.start, offset);
  buf.writeUInt16LE(value.end, offset + 2);
}

/** `struct hello` */
export interface Hello {
  readonly nameHash: bigint;
  readonly wildcardHash: bigint;
  readonly number: number;
  readonly messageLeft: number;
  readonly skip: number;
  readonly read: number;
  readonly recordLength: number;
  readonly recordLeft: number;
  readonly extensionsLeft: number;
  readonly extensionType: number;
  readonly extensionLeft: number;
  readonly listLeft: number;
  readonly nameLeft: number;
  readonly headerBytes: number;
  readonly numberBytes: number;
  readonly step: number;
  readonly verdict: number;
  readonly nameBytes: number;
  readonly name: Buffer;
}

/** Bytes of `struct hello`. */
export const HELLO_SIZE = 312;

/** Reads a `struct hello`. */
export function readHello(buf: Buffer, offset = 0): Hello {
  return {
    nameHash: buf.readBigUInt64LE(offset),
    wildcardHash: buf.readBigUInt64LE(offset + 8),
    number: buf.readUInt32LE(offset + 16),
    messageLeft: buf.readUInt32LE(offset + 20),
    skip: buf.readUInt32LE(offset + 24),
    read: buf.readUInt16LE(offset + 28),
    recordLength: buf.readUInt16LE(offset + 30),
    recordLeft: buf.readUInt16LE(offset + 32),
    extensionsLeft: buf.readUInt16LE(offset + 34),
    extensionType: buf.readUInt16LE(offset + 36),
    extensionLeft: buf.readUInt16LE(offset + 38),
    listLeft: buf.readUInt16LE(offset + 40),
    nameLeft: buf.readUInt16LE(offset + 42),
    headerBytes: buf.readUInt8(offset + 44),
    numberBytes: buf.readUInt8(offset + 45),
    step: buf.readUInt8(offset + 46),
    verdict: buf.readUInt8(offset + 47),
    nameBytes: buf.readUInt8(offset + 48),
    name: getBytes(buf, offset + 56, 256),
  };
}

/** Writes a `struct hello`; padding becomes zero. */
export function writeHello(value: Hello, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + HELLO_SIZE);
  buf.writeBigUInt64LE(value.nameHash, offset);
  buf.writeBigUInt64LE(value.wildcardHash, offset + 8);
  buf.writeUInt32LE(value.number, offset + 16);
  buf.writeUInt32LE(value.messageLeft, offset + 20);
  buf.writeUInt32LE(value.skip, offset + 24);
  buf.writeUInt16LE(value.read, offset + 28);
  buf.writeUInt16LE(value.recordLength, offset + 30);
  buf.writeUInt16LE(value.recordLeft, offset + 32);
  buf.writeUInt16LE(value.extensionsLeft, offset + 34);
  buf.writeUInt16LE(value.extensionType, offset + 36);
  buf.writeUInt16LE(value.extensionLeft, offset + 38);
  buf.writeUInt16LE(value.listLeft, offset + 40);
  buf.writeUInt16LE(value.nameLeft, offset + 42);
  buf.writeUInt8(value.headerBytes, offset + 44);
  buf.writeUInt8(value.numberBytes, offset + 45);
  buf.writeUInt8(value.step, offset + 46);
  buf.writeUInt8(value.verdict, offset + 47);
  buf.writeUInt8(value.nameBytes, offset + 48);
  putBytes(value.name, buf, offset + 56, 256);
}

/** `struct late_slot` */
export interface LateSlot {
  readonly busy: number;
  readonly turn: number;
  readonly isn: number;
  readonly cookie: number;
  readonly sent: number;
  readonly acked: number;
  readonly end: number;
  readonly ranges: readonly LateRange[];
  readonly asks: number;
  readonly hello: Hello;
  readonly window: number;
  readonly mss: number;
  readonly state: number;
  readonly scale: number;
  readonly header: number;
  readonly bytes: Buffer;
}

/** Bytes of `struct late_slot`. */
export const LATE_SLOT_SIZE = 17264;

/** Reads a `struct late_slot`. */
export function readLateSlot(buf: Buffer, offset = 0): LateSlot {
  return {
    busy: buf.readUInt32LE(offset),
    turn: buf.readUInt32LE(offset + 4),
    isn: buf.readUInt32LE(offset + 8),
    cookie: buf.readUInt32LE(offset + 12),
    sent: buf.readUInt32LE(offset + 16),
    acked: buf.readUInt32LE(offset + 20),
    end: buf.readUInt32LE(offset + 24),
    ranges: Array.from({ length: 4 }, (_, index) => readLateRange(buf, offset + 28 + index * 4)),
    asks: buf.readUInt32LE(offset + 44),
    hello: readHello(buf, offset + 48),
    window: buf.readUInt16LE(offset + 360),
    mss: buf.readUInt16LE(offset + 362),
    state: buf.readUInt8(offset + 364),
    scale: buf.readUInt8(offset + 365),
    header: buf.readUInt16LE(offset + 366),
    bytes: getBytes(buf, offset + 368, 16896),
  };
}

/** Writes a `struct late_slot`; padding becomes zero. */
export function writeLateSlot(value: LateSlot, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + LATE_SLOT_SIZE);
  buf.writeUInt32LE(value.busy, offset);
  buf.writeUInt32LE(value.turn, offset + 4);
  buf.writeUInt32LE(value.isn, offset + 8);
  buf.writeUInt32LE(value.cookie, offset + 12);
  buf.writeUInt32LE(value.sent, offset + 16);
  buf.writeUInt32LE(value.acked, offset + 20);
  buf.writeUInt32LE(value.end, offset + 24);
  putEach(value.ranges, 4, (element, index) => writeLateRange(element, buf, offset + 28 + index * 4));
  buf.writeUInt32LE(value.asks, offset + 44);
  writeHello(value.hello, buf, offset + 48);
  buf.writeUInt16LE(value.window, offset + 360);
  buf.writeUInt16LE(value.mss, offset + 362);
  buf.writeUInt8(value.state, offset + 364);
  buf.writeUInt8(value.scale, offset + 365);
  buf.writeUInt16LE(value.header, offset + 366);
  putBytes(value.bytes, buf, offset + 368, 16896);
}

/** `struct rate_rule` */
export interface RateRule {
  readonly intervalNs: bigint;
  readonly toleranceNs: bigint;
}

/** Bytes of `struct rate_rule`. */
export const RATE_RULE_SIZE = 16;

/** Reads a `struct rate_rule`. */
export function readRateRule(buf: Buffer, offset = 0): RateRule {
  return {
    intervalNs: buf.readBigUInt64LE(offset),
    toleranceNs: buf.readBigUInt64LE(offset + 8),
  };
}

/** Writes a `struct rate_rule`; padding becomes zero. */
export function writeRateRule(value: RateRule, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + RATE_RULE_SIZE);
  buf.writeBigUInt64LE(value.intervalNs, offset);
  buf.writeBigUInt64LE(value.toleranceNs, offset + 8);
}

/** `struct source_limit` */
export interface SourceLimit {
  readonly rule: RateRule;
  readonly maskV4: Address;
  readonly maskV6: Address;
}

/** Bytes of `struct source_limit`. */
export const SOURCE_LIMIT_SIZE = 48;

/** Reads a `struct source_limit`. */
export function readSourceLimit(buf: Buffer, offset = 0): SourceLimit {
  return {
    rule: readRateRule(buf, offset),
    maskV4: readAddress(buf, offset + 16),
    maskV6: readAddress(buf, offset + 32),
  };
}

/** Writes a `struct source_limit`; padding becomes zero. */
export function writeSourceLimit(value: SourceLimit, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + SOURCE_LIMIT_SIZE);
  writeRateRule(value.rule, buf, offset);
  writeAddress(value.maskV4, buf, offset + 16);
  writeAddress(value.maskV6, buf, offset + 32);
}

/** `struct rate_source_key` */
export interface RateSourceKey {
  readonly source: Address;
  readonly proxy: number;
}

/** Bytes of `struct rate_source_key`. */
export const RATE_SOURCE_KEY_SIZE = 24;

/** Reads a `struct rate_source_key`. */
export function readRateSourceKey(buf: Buffer, offset = 0): RateSourceKey {
  return {
    source: readAddress(buf, offset),
    proxy: buf.readUInt32LE(offset + 16),
  };
}

/** Writes a `struct rate_source_key`; padding becomes zero. */
export function writeRateSourceKey(value: RateSourceKey, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + RATE_SOURCE_KEY_SIZE);
  writeAddress(value.source, buf, offset);
  buf.writeUInt32LE(value.proxy, offset + 16);
}

/** `struct rate_bucket` */
export interface RateBucket {
  readonly startNs: bigint;
  readonly spentNs: bigint;
  readonly refused: bigint;
  readonly refusedNs: bigint;
}

/** Bytes of `struct rate_bucket`. */
export const RATE_BUCKET_SIZE = 32;

/** Reads a `struct rate_bucket`. */
export function readRateBucket(buf: Buffer, offset = 0): RateBucket {
  return {
    startNs: buf.readBigUInt64LE(offset),
    spentNs: buf.readBigUInt64LE(offset + 8),
    refused: buf.readBigUInt64LE(offset + 16),
    refusedNs: buf.readBigUInt64LE(offset + 24),
  };
}

/** Writes a `struct rate_bucket`; padding becomes zero. */
export function writeRateBucket(value: RateBucket, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + RATE_BUCKET_SIZE);
  buf.writeBigUInt64LE(value.startNs, offset);
  buf.writeBigUInt64LE(value.spentNs, offset + 8);
  buf.writeBigUInt64LE(value.refused, offset + 16);
  buf.writeBigUInt64LE(value.refusedNs, offset + 24);
}

/** `struct target` */
export interface Target {
  readonly address: Address;
  readonly snatAddress: Address;
  readonly port: number;
  readonly flags: number;
  readonly proxy: number;
  readonly limit: RateRule;
}

/** Bytes of `struct target`. */
export const TARGET_SIZE = 56;

/** Reads a `struct target`. */
export function readTarget(buf: Buffer, offset = 0): Target {
  return {
    address: readAddress(buf, offset),
    snatAddress: readAddress(buf, offset + 16),
    port: buf.readUInt16BE(offset + 32),
    flags: buf.readUInt16LE(offset + 34),
    proxy: buf.readUInt32LE(offset + 36),
    limit: readRateRule(buf, offset + 40),
  };
}

/** Writes a `struct target`; padding becomes zero. */
export function writeTarget(value: Target, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + TARGET_SIZE);
  writeAddress(value.address, buf, offset);
  writeAddress(value.snatAddress, buf, offset + 16);
  buf.writeUInt16BE(value.port, offset + 32);
  buf.writeUInt16LE(value.flags, offset + 34);
  buf.writeUInt32LE(value.proxy, offset + 36);
  writeRateRule(value.limit, buf, offset + 40);
}

/** `struct late_entry` */
export interface LateEntry {
  readonly slot: number;
  readonly turn: number;
  readonly sinceNs: bigint;
}

/** Bytes of `struct late_entry`. */
export const LATE_ENTRY_SIZE = 16;

/** Reads a `struct late_entry`. */
export function readLateEntry(buf: Buffer, offset = 0): LateEntry {
  return {
    slot: buf.readUInt32LE(offset),
    turn: buf.readUInt32LE(offset + 4),
    sinceNs: buf.readBigUInt64LE(offset + 8),
  };
}

/** Writes a `struct late_entry`; padding becomes zero. */
export function writeLateEntry(value: LateEntry, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + LATE_ENTRY_SIZE);
  buf.writeUInt32LE(value.slot, offset);
  buf.writeUInt32LE(value.turn, offset + 4);
  buf.writeBigUInt64LE(value.sinceNs, offset + 8);
}

/** `struct listener_key` */
export interface ListenerKey {
  readonly address: Address;
  readonly port: number;
  readonly protocol: number;
}

/** Bytes of `struct listener_key`. */
export const LISTENER_KEY_SIZE = 24;

/** Reads a `struct listener_key`. */
export function readListenerKey(buf: Buffer, offset = 0): ListenerKey {
  return {
    address: readAddress(buf, offset),
    port: buf.readUInt16BE(offset + 16),
    protocol: buf.readUInt8(offset + 18),
  };
}

/** Writes a `struct listener_key`; padding becomes zero. */
export function writeListenerKey(value: ListenerKey, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + LISTENER_KEY_SIZE);
  writeAddress(value.address, buf, offset);
  buf.writeUInt16BE(value.port, offset + 16);
  buf.writeUInt8(value.protocol, offset + 18);
}

/** `struct listener` */
export interface Listener {
  readonly proxy: number;
  readonly pool: number;
  readonly flags: number;
  readonly mss: number;
}

/** Bytes of `struct listener`. */
export const LISTENER_SIZE = 16;

/** Reads a `struct listener`. */
export function readListener(buf: Buffer, offset = 0): Listener {
  return {
    proxy: buf.readUInt32LE(offset),
    pool: buf.readUInt32LE(offset + 4),
    flags: buf.readUInt32LE(offset + 8),
    mss: buf.readUInt16LE(offset + 12),
  };
}

/** Writes a `struct listener`; padding becomes zero. */
export function writeListener(value: Listener, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + LISTENER_SIZE);
  buf.writeUInt32LE(value.proxy, offset);
  buf.writeUInt32LE(value.pool, offset + 4);
  buf.writeUInt32LE(value.flags, offset + 8);
  buf.writeUInt16LE(value.mss, offset + 12);
}

/** `struct source_route_key` */
export interface SourceRouteKey {
  readonly prefixLen: number;
  readonly proxy: number;
  readonly address: Address;
}

/** Bytes of `struct source_route_key`. */
export const SOURCE_ROUTE_KEY_SIZE = 24;

/** Reads a `struct source_route_key`. */
export function readSourceRouteKey(buf: Buffer, offset = 0): SourceRouteKey {
  return {
    prefixLen: buf.readUInt32LE(offset),
    proxy: buf.readUInt32LE(offset + 4),
    address: readAddress(buf, offset + 8),
  };
}

/** Writes a `struct source_route_key`; padding becomes zero. */
export function writeSourceRouteKey(value: SourceRouteKey, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + SOURCE_ROUTE_KEY_SIZE);
  buf.writeUInt32LE(value.prefixLen, offset);
  buf.writeUInt32LE(value.proxy, offset + 4);
  writeAddress(value.address, buf, offset + 8);
}

/** `struct source_route` */
export interface SourceRoute {
  readonly pool: number;
}

/** Bytes of `struct source_route`. */
export const SOURCE_ROUTE_SIZE = 4;

/** Reads a `struct source_route`. */
export function readSourceRoute(buf: Buffer, offset = 0): SourceRoute {
  return {
    pool: buf.readUInt32LE(offset),
  };
}

/** Writes a `struct source_route`; padding becomes zero. */
export function writeSourceRoute(value: SourceRoute, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + SOURCE_ROUTE_SIZE);
  buf.writeUInt32LE(value.pool, offset);
}

/** `struct sni_route_key` */
export interface SniRouteKey {
  readonly name: bigint;
  readonly proxy: number;
  readonly family: number;
}

/** Bytes of `struct sni_route_key`. */
export const SNI_ROUTE_KEY_SIZE = 16;

/** Reads a `struct sni_route_key`. */
export function readSniRouteKey(buf: Buffer, offset = 0): SniRouteKey {
  return {
    name: buf.readBigUInt64LE(offset),
    proxy: buf.readUInt32LE(offset + 8),
    family: buf.readUInt32LE(offset + 12),
  };
}

/** Writes a `struct sni_route_key`; padding becomes zero. */
export function writeSniRouteKey(value: SniRouteKey, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + SNI_ROUTE_KEY_SIZE);
  buf.writeBigUInt64LE(value.name, offset);
  buf.writeUInt32LE(value.proxy, offset + 8);
  buf.writeUInt32LE(value.family, offset + 12);
}

/** `struct sni_route` */
export interface SniRoute {
  readonly pool: number;
}

/** Bytes of `struct sni_route`. */
export const SNI_ROUTE_SIZE = 4;

/** Reads a `struct sni_route`. */
export function readSniRoute(buf: Buffer, offset = 0): SniRoute {
  return {
    pool: buf.readUInt32LE(offset),
  };
}

/** Writes a `struct sni_route`; padding becomes zero. */
export function writeSniRoute(value: SniRoute, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + SNI_ROUTE_SIZE);
  buf.writeUInt32LE(value.pool, offset);
}

/** `struct late_secret` */
export interface LateSecret {
  readonly key: readonly bigint[];
  readonly generation: number;
}

/** Bytes of `struct late_secret`. */
export const LATE_SECRET_SIZE = 24;

/** Reads a `struct late_secret`. */
export function readLateSecret(buf: Buffer, offset = 0): LateSecret {
  return {
    key: Array.from({ length: 2 }, (_, index) => buf.readBigUInt64LE(offset + index * 8)),
    generation: buf.readUInt32LE(offset + 16),
  };
}

/** Writes a `struct late_secret`; padding becomes zero. */
export function writeLateSecret(value: LateSecret, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + LATE_SECRET_SIZE);
  putEach(value.key, 2, (element, index) => buf.writeBigUInt64LE(element, offset + index * 8));
  buf.writeUInt32LE(value.generation, offset + 16);
}

/** `struct pool` */
export interface Pool {
  readonly slotBase: number;
  readonly shape: number;
}

/** Bytes of `struct pool`. */
export const POOL_SIZE = 8;

/** Reads a `struct pool`. */
export function readPool(buf: Buffer, offset = 0): Pool {
  return {
    slotBase: buf.readUInt32LE(offset),
    shape: buf.readUInt32LE(offset + 4),
  };
}

/** Writes a `struct pool`; padding becomes zero. */
export function writePool(value: Pool, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + POOL_SIZE);
  buf.writeUInt32LE(value.slotBase, offset);
  buf.writeUInt32LE(value.shape, offset + 4);
}

/** `struct slot_block` */
export interface SlotBlock {
  readonly target: readonly number[];
}

/** Bytes of `struct slot_block`. */
export const SLOT_BLOCK_SIZE = 64;

/** Reads a `struct slot_block`. */
export function readSlotBlock(buf: Buffer, offset = 0): SlotBlock {
  return {
    target: Array.from({ length: 16 }, (_, index) => buf.readUInt32LE(offset + index * 4)),
  };
}

/** Writes a `struct slot_block`; padding becomes zero. */
export function writeSlotBlock(value: SlotBlock, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + SLOT_BLOCK_SIZE);
  putEach(value.target, 16, (element, index) => buf.writeUInt32LE(element, offset + index * 4));
}

/** `struct bpf_spin_lock` */
export interface BpfSpinLock {
  readonly val: number;
}

/** Bytes of `struct bpf_spin_lock`. */
export const BPF_SPIN_LOCK_SIZE = 4;

/** Reads a `struct bpf_spin_lock`. */
export function readBpfSpinLock(buf: Buffer, offset = 0): BpfSpinLock {
  return {
    val: buf.readUInt32LE(offset),
  };
}

/** Writes a `struct bpf_spin_lock`; padding becomes zero. */
export function writeBpfSpinLock(value: BpfSpinLock, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + BPF_SPIN_LOCK_SIZE);
  buf.writeUInt32LE(value.val, offset);
}

/** `struct pool_turns` */
export interface PoolTurns {
  readonly lock: BpfSpinLock;
  readonly taken: bigint;
}

/** Bytes of `struct pool_turns`. */
export const POOL_TURNS_SIZE = 16;

/** Reads a `struct pool_turns`. */
export function readPoolTurns(buf: Buffer, offset = 0): PoolTurns {
  return {
    lock: readBpfSpinLock(buf, offset),
    taken: buf.readBigUInt64LE(offset + 8),
  };
}

/** Writes a `struct pool_turns`; padding becomes zero. */
export function writePoolTurns(value: PoolTurns, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + POOL_TURNS_SIZE);
  writeBpfSpinLock(value.lock, buf, offset);
  buf.writeBigUInt64LE(value.taken, offset + 8);
}

/** `struct proxy_name` */
export interface ProxyName {
  readonly name: Buffer;
}

/** Bytes of `struct proxy_name`. */
export const PROXY_NAME_SIZE = 128;

/** Reads a `struct proxy_name`. */
export function readProxyName(buf: Buffer, offset = 0): ProxyName {
  return {
    name: getBytes(buf, offset, 128),
  };
}

/** Writes a `struct proxy_name`; padding becomes zero. */
export function writeProxyName(value: ProxyName, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + PROXY_NAME_SIZE);
  putBytes(value.name, buf, offset, 128);
}

/** `struct fragment_key` */
export interface FragmentKey {
  readonly src: Address;
  readonly dst: Address;
  readonly id: number;
  readonly protocol: number;
}

/** Bytes of `struct fragment_key`. */
export const FRAGMENT_KEY_SIZE = 40;

/** Reads a `struct fragment_key`. */
export function readFragmentKey(buf: Buffer, offset = 0): FragmentKey {
  return {
    src: readAddress(buf, offset),
    dst: readAddress(buf, offset + 16),
    id: buf.readUInt32BE(offset + 32),
    protocol: buf.readUInt8(offset + 36),
  };
}

/** Writes a `struct fragment_key`; padding becomes zero. */
export function writeFragmentKey(value: FragmentKey, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + FRAGMENT_KEY_SIZE);
  writeAddress(value.src, buf, offset);
  writeAddress(value.dst, buf, offset + 16);
  buf.writeUInt32BE(value.id, offset + 32);
  buf.writeUInt8(value.protocol, offset + 36);
}

/** `struct fragment_ports` */
export interface FragmentPorts {
  readonly sport: number;
  readonly dport: number;
  readonly epoch: number;
}

/** Bytes of `struct fragment_ports`. */
export const FRAGMENT_PORTS_SIZE = 8;

/** Reads a `struct fragment_ports`. */
export function readFragmentPorts(buf: Buffer, offset = 0): FragmentPorts {
  return {
    sport: buf.readUInt16BE(offset),
    dport: buf.readUInt16BE(offset + 2),
    epoch: buf.readUInt32LE(offset + 4),
  };
}

/** Writes a `struct fragment_ports`; padding becomes zero. */
export function writeFragmentPorts(value: FragmentPorts, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + FRAGMENT_PORTS_SIZE);
  buf.writeUInt16BE(value.sport, offset);
  buf.writeUInt16BE(value.dport, offset + 2);
  buf.writeUInt32LE(value.epoch, offset + 4);
}

/** `struct device` */
export interface Device {
  readonly xdpRedirect: number;
  readonly mac: Buffer;
}

/** Bytes of `struct device`. */
export const DEVICE_SIZE = 12;

/** Reads a `struct device`. */
export function readDevice(buf: Buffer, offset = 0): Device {
  return {
    xdpRedirect: buf.readUInt32LE(offset),
    mac: getBytes(buf, offset + 4, 6),
  };
}

/** Writes a `struct device`; padding becomes zero. */
export function writeDevice(value: Device, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + DEVICE_SIZE);
  buf.writeUInt32LE(value.xdpRedirect, offset);
  putBytes(value.mac, buf, offset + 4, 6);
}

/** `struct rate_counters` */
export interface RateCounters {
  readonly source: bigint;
  readonly target: bigint;
}

/** Bytes of `struct rate_counters`. */
export const RATE_COUNTERS_SIZE = 16;

/** Reads a `struct rate_counters`. */
export function readRateCounters(buf: Buffer, offset = 0): RateCounters {
  return {
    source: buf.readBigUInt64LE(offset),
    target: buf.readBigUInt64LE(offset + 8),
  };
}

/** Writes a `struct rate_counters`; padding becomes zero. */
export function writeRateCounters(value: RateCounters, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + RATE_COUNTERS_SIZE);
  buf.writeBigUInt64LE(value.source, offset);
  buf.writeBigUInt64LE(value.target, offset + 8);
}

/** `struct metadata` */
export interface Metadata {
  readonly objectDigest: Buffer;
  readonly configHash: Buffer;
  readonly generation: bigint;
  readonly abiVersion: number;
}

/** Bytes of `struct metadata`. */
export const METADATA_SIZE = 80;

/** Reads a `struct metadata`. */
export function readMetadata(buf: Buffer, offset = 0): Metadata {
  return {
    objectDigest: getBytes(buf, offset, 32),
    configHash: getBytes(buf, offset + 32, 32),
    generation: buf.readBigUInt64LE(offset + 64),
    abiVersion: buf.readUInt32LE(offset + 72),
  };
}

/** Writes a `struct metadata`; padding becomes zero. */
export function writeMetadata(value: Metadata, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + METADATA_SIZE);
  putBytes(value.objectDigest, buf, offset, 32);
  putBytes(value.configHash, buf, offset + 32, 32);
  buf.writeBigUInt64LE(value.generation, offset + 64);
  buf.writeUInt32LE(value.abiVersion, offset + 72);
}

/** `struct late_lock` */
export interface LateLock {
  readonly lock: BpfSpinLock;
}

/** Bytes of `struct late_lock`. */
export const LATE_LOCK_SIZE = 4;

/** Reads a `struct late_lock`. */
export function readLateLock(buf: Buffer, offset = 0): LateLock {
  return {
    lock: readBpfSpinLock(buf, offset),
  };
}

/** Writes a `struct late_lock`; padding becomes zero. */
export function writeLateLock(value: LateLock, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + LATE_LOCK_SIZE);
  writeBpfSpinLock(value.lock, buf, offset);
}

/** `struct late_ring` */
export interface LateRing {
  readonly lock: BpfSpinLock;
  readonly next: number;
}

/** Bytes of `struct late_ring`. */
export const LATE_RING_SIZE = 8;

/** Reads a `struct late_ring`. */
export function readLateRing(buf: Buffer, offset = 0): LateRing {
  return {
    lock: readBpfSpinLock(buf, offset),
    next: buf.readUInt32LE(offset + 4),
  };
}

/** Writes a `struct late_ring`; padding becomes zero. */
export function writeLateRing(value: LateRing, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + LATE_RING_SIZE);
  writeBpfSpinLock(value.lock, buf, offset);
  buf.writeUInt32LE(value.next, offset + 4);
}

/** `struct event_settings` */
export interface EventSettings {
  readonly oneIn: number;
  readonly opened: number;
}

/** Bytes of `struct event_settings`. */
export const EVENT_SETTINGS_SIZE = 8;

/** Reads a `struct event_settings`. */
export function readEventSettings(buf: Buffer, offset = 0): EventSettings {
  return {
    oneIn: buf.readUInt32LE(offset),
    opened: buf.readUInt32LE(offset + 4),
  };
}

/** Writes a `struct event_settings`; padding becomes zero. */
export function writeEventSettings(value: EventSettings, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + EVENT_SETTINGS_SIZE);
  buf.writeUInt32LE(value.oneIn, offset);
  buf.writeUInt32LE(value.opened, offset + 4);
}

/** `struct event_losses` */
export interface EventLosses {
  readonly opened: bigint;
  readonly closed: bigint;
  readonly flows: bigint;
}

/** Bytes of `struct event_losses`. */
export const EVENT_LOSSES_SIZE = 24;

/** Reads a `struct event_losses`. */
export function readEventLosses(buf: Buffer, offset = 0): EventLosses {
  return {
    opened: buf.readBigUInt64LE(offset),
    closed: buf.readBigUInt64LE(offset + 8),
    flows: buf.readBigUInt64LE(offset + 16),
  };
}

/** Writes a `struct event_losses`; padding becomes zero. */
export function writeEventLosses(value: EventLosses, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + EVENT_LOSSES_SIZE);
  buf.writeBigUInt64LE(value.opened, offset);
  buf.writeBigUInt64LE(value.closed, offset + 8);
  buf.writeBigUInt64LE(value.flows, offset + 16);
}

/** `struct capture_condition` */
export interface CaptureCondition {
  readonly address: Address;
  readonly mask: Address;
  readonly port: number;
  readonly ends: number;
}

/** Bytes of `struct capture_condition`. */
export const CAPTURE_CONDITION_SIZE = 40;

/** Reads a `struct capture_condition`. */
export function readCaptureCondition(buf: Buffer, offset = 0): CaptureCondition {
  return {
    address: readAddress(buf, offset),
    mask: readAddress(buf, offset + 16),
    port: buf.readUInt16BE(offset + 32),
    ends: buf.readUInt32LE(offset + 36),
  };
}

/** Writes a `struct capture_condition`; padding becomes zero. */
export function writeCaptureCondition(value: CaptureCondition, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + CAPTURE_CONDITION_SIZE);
  writeAddress(value.address, buf, offset);
  writeAddress(value.mask, buf, offset + 16);
  buf.writeUInt16BE(value.port, offset + 32);
  buf.writeUInt32LE(value.ends, offset + 36);
}

/** `struct capture_filter` */
export interface CaptureFilter {
  readonly untilNs: bigint;
  readonly reasons: bigint;
  readonly session: number;
  readonly hooks: number;
  readonly ifindex: number;
  readonly oneIn: number;
  readonly maxBytes: number;
  readonly perEpoch: number;
  readonly protocol: number;
  readonly family: number;
  readonly conditions: readonly CaptureCondition[];
}

/** Bytes of `struct capture_filter`. */
export const CAPTURE_FILTER_SIZE = 208;

/** Reads a `struct capture_filter`. */
export function readCaptureFilter(buf: Buffer, offset = 0): CaptureFilter {
  return {
    untilNs: buf.readBigUInt64LE(offset),
    reasons: buf.readBigUInt64LE(offset + 8),
    session: buf.readUInt32LE(offset + 16),
    hooks: buf.readUInt32LE(offset + 20),
    ifindex: buf.readUInt32LE(offset + 24),
    oneIn: buf.readUInt32LE(offset + 28),
    maxBytes: buf.readUInt32LE(offset + 32),
    perEpoch: buf.readUInt32LE(offset + 36),
    protocol: buf.readUInt8(offset + 40),
    family: buf.readUInt8(offset + 41),
    conditions: Array.from({ length: 4 }, (_, index) => readCaptureCondition(buf, offset + 48 + index * 40)),
  };
}

/** Writes a `struct capture_filter`; padding becomes zero. */
export function writeCaptureFilter(value: CaptureFilter, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + CAPTURE_FILTER_SIZE);
  buf.writeBigUInt64LE(value.untilNs, offset);
  buf.writeBigUInt64LE(value.reasons, offset + 8);
  buf.writeUInt32LE(value.session, offset + 16);
  buf.writeUInt32LE(value.hooks, offset + 20);
  buf.writeUInt32LE(value.ifindex, offset + 24);
  buf.writeUInt32LE(value.oneIn, offset + 28);
  buf.writeUInt32LE(value.maxBytes, offset + 32);
  buf.writeUInt32LE(value.perEpoch, offset + 36);
  buf.writeUInt8(value.protocol, offset + 40);
  buf.writeUInt8(value.family, offset + 41);
  putEach(value.conditions, 4, (element, index) => writeCaptureCondition(element, buf, offset + 48 + index * 40));
}

/** `struct capture_counts` */
export interface CaptureCounts {
  readonly matched: bigint;
  readonly lost: bigint;
  readonly epoch: number;
  readonly told: number;
}

/** Bytes of `struct capture_counts`. */
export const CAPTURE_COUNTS_SIZE = 24;

/** Reads a `struct capture_counts`. */
export function readCaptureCounts(buf: Buffer, offset = 0): CaptureCounts {
  return {
    matched: buf.readBigUInt64LE(offset),
    lost: buf.readBigUInt64LE(offset + 8),
    epoch: buf.readUInt32LE(offset + 16),
    told: buf.readUInt32LE(offset + 20),
  };
}

/** Writes a `struct capture_counts`; padding becomes zero. */
export function writeCaptureCounts(value: CaptureCounts, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + CAPTURE_COUNTS_SIZE);
  buf.writeBigUInt64LE(value.matched, offset);
  buf.writeBigUInt64LE(value.lost, offset + 8);
  buf.writeUInt32LE(value.epoch, offset + 16);
  buf.writeUInt32LE(value.told, offset + 20);
}

/** `struct capture_header` */
export interface CaptureHeader {
  readonly timeNs: bigint;
  readonly session: number;
  readonly ifindex: number;
  readonly proxy: number;
  readonly target: number;
  readonly length: number;
  readonly lengthAfter: number;
  readonly verdict: number;
  readonly bytes: number;
  readonly bytesAfter: number;
  readonly start: number;
  readonly startAfter: number;
  readonly hook: number;
  readonly reason: number;
}

/** Bytes of `struct capture_header`. */
export const CAPTURE_HEADER_SIZE = 48;

/** Reads a `struct capture_header`. */
export function readCaptureHeader(buf: Buffer, offset = 0): CaptureHeader {
  return {
    timeNs: buf.readBigUInt64LE(offset),
    session: buf.readUInt32LE(offset + 8),
    ifindex: buf.readUInt32LE(offset + 12),
    proxy: buf.readUInt32LE(offset + 16),
    target: buf.readUInt32LE(offset + 20),
    length: buf.readUInt32LE(offset + 24),
    lengthAfter: buf.readUInt32LE(offset + 28),
    verdict: buf.readInt32LE(offset + 32),
    bytes: buf.readUInt16LE(offset + 36),
    bytesAfter: buf.readUInt16LE(offset + 38),
    start: buf.readUInt16LE(offset + 40),
    startAfter: buf.readUInt16LE(offset + 42),
    hook: buf.readUInt8(offset + 44),
    reason: buf.readUInt8(offset + 45),
  };
}

/** Writes a `struct capture_header`; padding becomes zero. */
export function writeCaptureHeader(value: CaptureHeader, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + CAPTURE_HEADER_SIZE);
  buf.writeBigUInt64LE(value.timeNs, offset);
  buf.writeUInt32LE(value.session, offset + 8);
  buf.writeUInt32LE(value.ifindex, offset + 12);
  buf.writeUInt32LE(value.proxy, offset + 16);
  buf.writeUInt32LE(value.target, offset + 20);
  buf.writeUInt32LE(value.length, offset + 24);
  buf.writeUInt32LE(value.lengthAfter, offset + 28);
  buf.writeInt32LE(value.verdict, offset + 32);
  buf.writeUInt16LE(value.bytes, offset + 36);
  buf.writeUInt16LE(value.bytesAfter, offset + 38);
  buf.writeUInt16LE(value.start, offset + 40);
  buf.writeUInt16LE(value.startAfter, offset + 42);
  buf.writeUInt8(value.hook, offset + 44);
  buf.writeUInt8(value.reason, offset + 45);
}

/** `struct packet` */
export interface Packet {
  readonly key: FlowKey;
  readonly ifindex: number;
  readonly l3: number;
  readonly l4: number;
  readonly length: number;
  readonly fragmentId: number;
  readonly seq: number;
  readonly ack: number;
  readonly family: number;
  readonly ttl: number;
  readonly tcpFlags: number;
  readonly l4Length: number;
  readonly fragment: number;
}

/** Bytes of `struct packet`. */
export const PACKET_SIZE = 80;

/** Reads a `struct packet`. */
export function readPacket(buf: Buffer, offset = 0): Packet {
  return {
    key: readFlowKey(buf, offset),
    ifindex: buf.readUInt32LE(offset + 40),
    l3: buf.readUInt32LE(offset + 44),
    l4: buf.readUInt32LE(offset + 48),
    length: buf.readUInt32LE(offset + 52),
    fragmentId: buf.readUInt32BE(offset + 56),
    seq: buf.readUInt32BE(offset + 60),
    ack: buf.readUInt32BE(offset + 64),
    family: buf.readUInt8(offset + 68),
    ttl: buf.readUInt8(offset + 69),
    tcpFlags: buf.readUInt8(offset + 70),
    l4Length: buf.readUInt8(offset + 71),
    fragment: buf.readUInt8(offset + 72),
  };
}

/** Writes a `struct packet`; padding becomes zero. */
export function writePacket(value: Packet, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + PACKET_SIZE);
  writeFlowKey(value.key, buf, offset);
  buf.writeUInt32LE(value.ifindex, offset + 40);
  buf.writeUInt32LE(value.l3, offset + 44);
  buf.writeUInt32LE(value.l4, offset + 48);
  buf.writeUInt32LE(value.length, offset + 52);
  buf.writeUInt32BE(value.fragmentId, offset + 56);
  buf.writeUInt32BE(value.seq, offset + 60);
  buf.writeUInt32BE(value.ack, offset + 64);
  buf.writeUInt8(value.family, offset + 68);
  buf.writeUInt8(value.ttl, offset + 69);
  buf.writeUInt8(value.tcpFlags, offset + 70);
  buf.writeUInt8(value.l4Length, offset + 71);
  buf.writeUInt8(value.fragment, offset + 72);
}

/** `struct capture_view` */
export interface CaptureView {
  readonly p: Packet;
  readonly quoted: Packet;
  readonly quotes: number;
}

/** Bytes of `struct capture_view`. */
export const CAPTURE_VIEW_SIZE = 168;

/** Reads a `struct capture_view`. */
export function readCaptureView(buf: Buffer, offset = 0): CaptureView {
  return {
    p: readPacket(buf, offset),
    quoted: readPacket(buf, offset + 80),
    quotes: buf.readUInt32LE(offset + 160),
  };
}

/** Writes a `struct capture_view`; padding becomes zero. */
export function writeCaptureView(value: CaptureView, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + CAPTURE_VIEW_SIZE);
  writePacket(value.p, buf, offset);
  writePacket(value.quoted, buf, offset + 80);
  buf.writeUInt32LE(value.quotes, offset + 160);
}

/** `struct capture_record` */
export interface CaptureRecord {
  readonly header: CaptureHeader;
  readonly lead: Buffer;
  readonly bytes: Buffer;
  readonly view: CaptureView;
}

/** Bytes of `struct capture_record`. */
export const CAPTURE_RECORD_SIZE = 1760;

/** Reads a `struct capture_record`. */
export function readCaptureRecord(buf: Buffer, offset = 0): CaptureRecord {
  return {
    header: readCaptureHeader(buf, offset),
    lead: getBytes(buf, offset + 48, 2),
    bytes: getBytes(buf, offset + 50, 1536),
    view: readCaptureView(buf, offset + 1592),
  };
}

/** Writes a `struct capture_record`; padding becomes zero. */
export function writeCaptureRecord(value: CaptureRecord, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + CAPTURE_RECORD_SIZE);
  writeCaptureHeader(value.header, buf, offset);
  putBytes(value.lead, buf, offset + 48, 2);
  putBytes(value.bytes, buf, offset + 50, 1536);
  writeCaptureView(value.view, buf, offset + 1592);
}

/** `struct syn_options` */
export interface SynOptions {
  readonly mss: number;
  readonly scale: number;
  readonly sack: number;
}

/** Bytes of `struct syn_options`. */
export const SYN_OPTIONS_SIZE = 4;

/** Reads a `struct syn_options`. */
export function readSynOptions(buf: Buffer, offset = 0): SynOptions {
  return {
    mss: buf.readUInt16LE(offset),
    scale: buf.readUInt8(offset + 2),
    sack: buf.readUInt8(offset + 3),
  };
}

/** Writes a `struct syn_options`; padding becomes zero. */
export function writeSynOptions(value: SynOptions, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + SYN_OPTIONS_SIZE);
  buf.writeUInt16LE(value.mss, offset);
  buf.writeUInt8(value.scale, offset + 2);
  buf.writeUInt8(value.sack, offset + 3);
}

/** `struct late_segment` */
export interface LateSegment {
  readonly src: Address;
  readonly dst: Address;
  readonly sport: number;
  readonly dport: number;
  readonly seq: number;
  readonly ack: number;
  readonly from: number;
  readonly length: number;
  readonly window: number;
  readonly flags: number;
  readonly hasOptions: number;
  readonly options: SynOptions;
  readonly isHeader: number;
}

/** Bytes of `struct late_segment`. */
export const LATE_SEGMENT_SIZE = 64;

/** Reads a `struct late_segment`. */
export function readLateSegment(buf: Buffer, offset = 0): LateSegment {
  return {
    src: readAddress(buf, offset),
    dst: readAddress(buf, offset + 16),
    sport: buf.readUInt16BE(offset + 32),
    dport: buf.readUInt16BE(offset + 34),
    seq: buf.readUInt32LE(offset + 36),
    ack: buf.readUInt32LE(offset + 40),
    from: buf.readUInt32LE(offset + 44),
    length: buf.readUInt32LE(offset + 48),
    window: buf.readUInt16LE(offset + 52),
    flags: buf.readUInt8(offset + 54),
    hasOptions: buf.readUInt8(offset + 55),
    options: readSynOptions(buf, offset + 56),
    isHeader: buf.readUInt32LE(offset + 60),
  };
}

/** Writes a `struct late_segment`; padding becomes zero. */
export function writeLateSegment(value: LateSegment, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + LATE_SEGMENT_SIZE);
  writeAddress(value.src, buf, offset);
  writeAddress(value.dst, buf, offset + 16);
  buf.writeUInt16BE(value.sport, offset + 32);
  buf.writeUInt16BE(value.dport, offset + 34);
  buf.writeUInt32LE(value.seq, offset + 36);
  buf.writeUInt32LE(value.ack, offset + 40);
  buf.writeUInt32LE(value.from, offset + 44);
  buf.writeUInt32LE(value.length, offset + 48);
  buf.writeUInt16LE(value.window, offset + 52);
  buf.writeUInt8(value.flags, offset + 54);
  buf.writeUInt8(value.hasOptions, offset + 55);
  writeSynOptions(value.options, buf, offset + 56);
  buf.writeUInt32LE(value.isHeader, offset + 60);
}

/** `struct late_work` */
export interface LateWork {
  readonly p: Packet;
  readonly client: FlowKey;
  readonly listener: Listener;
  readonly segment: LateSegment;
  readonly offered: SynOptions;
  readonly slot: number;
  readonly checksum: number;
  readonly egress: number;
  readonly reason: number;
  readonly replays: number;
  readonly from: number;
  readonly raise: number;
  readonly ip: readonly number[];
  readonly header: readonly number[];
  readonly piece: Buffer;
}

/** Bytes of `struct late_work`. */
export const LATE_WORK_SIZE = 808;

/** Reads a `struct late_work`. */
export function readLateWork(buf: Buffer, offset = 0): LateWork {
  return {
    p: readPacket(buf, offset),
    client: readFlowKey(buf, offset + 80),
    listener: readListener(buf, offset + 120),
    segment: readLateSegment(buf, offset + 136),
    offered: readSynOptions(buf, offset + 200),
    slot: buf.readUInt32LE(offset + 204),
    checksum: buf.readUInt8(offset + 208),
    egress: buf.readUInt8(offset + 209),
    reason: buf.readUInt8(offset + 210),
    replays: buf.readUInt8(offset + 211),
    from: buf.readUInt32LE(offset + 212),
    raise: buf.readUInt32LE(offset + 216),
    ip: Array.from({ length: 10 }, (_, index) => buf.readUInt32BE(offset + 220 + index * 4)),
    header: Array.from({ length: 8 }, (_, index) => buf.readUInt32BE(offset + 260 + index * 4)),
    piece: getBytes(buf, offset + 292, 512),
  };
}

/** Writes a `struct late_work`; padding becomes zero. */
export function writeLateWork(value: LateWork, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + LATE_WORK_SIZE);
  writePacket(value.p, buf, offset);
  writeFlowKey(value.client, buf, offset + 80);
  writeListener(value.listener, buf, offset + 120);
  writeLateSegment(value.segment, buf, offset + 136);
  writeSynOptions(value.offered, buf, offset + 200);
  buf.writeUInt32LE(value.slot, offset + 204);
  buf.writeUInt8(value.checksum, offset + 208);
  buf.writeUInt8(value.egress, offset + 209);
  buf.writeUInt8(value.reason, offset + 210);
  buf.writeUInt8(value.replays, offset + 211);
  buf.writeUInt32LE(value.from, offset + 212);
  buf.writeUInt32LE(value.raise, offset + 216);
  putEach(value.ip, 10, (element, index) => buf.writeUInt32BE(element, offset + 220 + index * 4));
  putEach(value.header, 8, (element, index) => buf.writeUInt32BE(element, offset + 260 + index * 4));
  putBytes(value.piece, buf, offset + 292, 512);
}

/** `struct sweep_args` */
export interface SweepArgs {
  readonly synTimeoutNs: bigint;
  readonly establishedTimeoutNs: bigint;
  readonly closingTimeoutNs: bigint;
  readonly udpTimeoutNs: bigint;
  readonly answerTimeoutNs: bigint;
  readonly lastNs: bigint;
  readonly nowNs: bigint;
  readonly active: bigint;
  readonly pending: bigint;
  readonly expired: bigint;
}

/** Bytes of `struct sweep_args`. */
export const SWEEP_ARGS_SIZE = 80;

/** Reads a `struct sweep_args`. */
export function readSweepArgs(buf: Buffer, offset = 0): SweepArgs {
  return {
    synTimeoutNs: buf.readBigUInt64LE(offset),
    establishedTimeoutNs: buf.readBigUInt64LE(offset + 8),
    closingTimeoutNs: buf.readBigUInt64LE(offset + 16),
    udpTimeoutNs: buf.readBigUInt64LE(offset + 24),
    answerTimeoutNs: buf.readBigUInt64LE(offset + 32),
    lastNs: buf.readBigUInt64LE(offset + 40),
    nowNs: buf.readBigUInt64LE(offset + 48),
    active: buf.readBigUInt64LE(offset + 56),
    pending: buf.readBigUInt64LE(offset + 64),
    expired: buf.readBigUInt64LE(offset + 72),
  };
}

/** Writes a `struct sweep_args`; padding becomes zero. */
export function writeSweepArgs(value: SweepArgs, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + SWEEP_ARGS_SIZE);
  buf.writeBigUInt64LE(value.synTimeoutNs, offset);
  buf.writeBigUInt64LE(value.establishedTimeoutNs, offset + 8);
  buf.writeBigUInt64LE(value.closingTimeoutNs, offset + 16);
  buf.writeBigUInt64LE(value.udpTimeoutNs, offset + 24);
  buf.writeBigUInt64LE(value.answerTimeoutNs, offset + 32);
  buf.writeBigUInt64LE(value.lastNs, offset + 40);
  buf.writeBigUInt64LE(value.nowNs, offset + 48);
  buf.writeBigUInt64LE(value.active, offset + 56);
  buf.writeBigUInt64LE(value.pending, offset + 64);
  buf.writeBigUInt64LE(value.expired, offset + 72);
}

/** `struct flow_event` */
export interface FlowEvent {
  readonly client: FlowKey;
  readonly reply: FlowKey;
  readonly name: bigint;
  readonly openedNs: bigint;
  readonly seenNs: bigint;
  readonly forward: Traffic;
  readonly backward: Traffic;
  readonly proxy: number;
  readonly target: number;
  readonly end: number;
  readonly route: number;
  readonly flags: number;
}

/** Bytes of `struct flow_event`. */
export const FLOW_EVENT_SIZE = 152;

/** Reads a `struct flow_event`. */
export function readFlowEvent(buf: Buffer, offset = 0): FlowEvent {
  return {
    client: readFlowKey(buf, offset),
    reply: readFlowKey(buf, offset + 40),
    name: buf.readBigUInt64LE(offset + 80),
    openedNs: buf.readBigUInt64LE(offset + 88),
    seenNs: buf.readBigUInt64LE(offset + 96),
    forward: readTraffic(buf, offset + 104),
    backward: readTraffic(buf, offset + 120),
    proxy: buf.readUInt32LE(offset + 136),
    target: buf.readUInt32LE(offset + 140),
    end: buf.readUInt8(offset + 144),
    route: buf.readUInt8(offset + 145),
    flags: buf.readUInt8(offset + 146),
  };
}

/** Writes a `struct flow_event`; padding becomes zero. */
export function writeFlowEvent(value: FlowEvent, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + FLOW_EVENT_SIZE);
  writeFlowKey(value.client, buf, offset);
  writeFlowKey(value.reply, buf, offset + 40);
  buf.writeBigUInt64LE(value.name, offset + 80);
  buf.writeBigUInt64LE(value.openedNs, offset + 88);
  buf.writeBigUInt64LE(value.seenNs, offset + 96);
  writeTraffic(value.forward, buf, offset + 104);
  writeTraffic(value.backward, buf, offset + 120);
  buf.writeUInt32LE(value.proxy, offset + 136);
  buf.writeUInt32LE(value.target, offset + 140);
  buf.writeUInt8(value.end, offset + 144);
  buf.writeUInt8(value.route, offset + 145);
  buf.writeUInt8(value.flags, offset + 146);
}

/** `struct event_exports` */
export interface EventExports {
  readonly flowEnd: number;
  readonly flowRoute: number;
  readonly flowEventFlag: number;
  readonly flowEvent: FlowEvent;
}

/** Bytes of `struct event_exports`. */
export const EVENT_EXPORTS_SIZE = 168;

/** Reads a `struct event_exports`. */
export function readEventExports(buf: Buffer, offset = 0): EventExports {
  return {
    flowEnd: buf.readUInt32LE(offset),
    flowRoute: buf.readUInt32LE(offset + 4),
    flowEventFlag: buf.readUInt32LE(offset + 8),
    flowEvent: readFlowEvent(buf, offset + 16),
  };
}

/** Writes a `struct event_exports`; padding becomes zero. */
export function writeEventExports(value: EventExports, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + EVENT_EXPORTS_SIZE);
  buf.writeUInt32LE(value.flowEnd, offset);
  buf.writeUInt32LE(value.flowRoute, offset + 4);
  buf.writeUInt32LE(value.flowEventFlag, offset + 8);
  writeFlowEvent(value.flowEvent, buf, offset + 16);
}

/** The declared maps. */
export const MAPS = {
  capture_counts: { type: 'percpu_array', keySize: 4, valueSize: 24, maxEntries: 1 },
  capture_filters: { type: 'array', keySize: 4, valueSize: 208, maxEntries: 1 },
  capture_records: { type: 'percpu_array', keySize: 4, valueSize: 1760, maxEntries: 1 },
  captures: { type: 'ringbuf', keySize: 0, valueSize: 0, maxEntries: 1048576 },
  devices: { type: 'array', keySize: 4, valueSize: 12, maxEntries: 65536 },
  drafts: { type: 'percpu_array', keySize: 4, valueSize: 496, maxEntries: 1 },
  event_losses: { type: 'percpu_array', keySize: 4, valueSize: 24, maxEntries: 1 },
  event_settings: { type: 'array', keySize: 4, valueSize: 8, maxEntries: 1 },
  events: { type: 'ringbuf', keySize: 0, valueSize: 0, maxEntries: 4194304 },
  failures: { type: 'percpu_array', keySize: 4, valueSize: 8, maxEntries: 1 },
  flows: { type: 'lru_hash', keySize: 40, valueSize: 128, maxEntries: 200000 },
  fragments: { type: 'lru_hash', keySize: 40, valueSize: 8, maxEntries: 16384 },
  late: { type: 'lru_hash', keySize: 40, valueSize: 16, maxEntries: 8192 },
  late_locks: { type: 'array', keySize: 4, valueSize: 4, maxEntries: 2048 },
  late_rings: { type: 'array', keySize: 4, valueSize: 8, maxEntries: 1 },
  late_secrets: { type: 'array', keySize: 4, valueSize: 24, maxEntries: 2 },
  late_slots: { type: 'array', keySize: 4, valueSize: 17264, maxEntries: 2048 },
  late_works: { type: 'percpu_array', keySize: 4, valueSize: 808, maxEntries: 1 },
  latencies: { type: 'array', keySize: 4, valueSize: 176, maxEntries: 32768 },
  listeners: { type: 'hash', keySize: 24, valueSize: 16, maxEntries: 65536 },
  metadata: { type: 'array', keySize: 4, valueSize: 80, maxEntries: 1 },
  option_rooms: { type: 'percpu_array', keySize: 4, valueSize: 136, maxEntries: 1 },
  pending: { type: 'lru_hash', keySize: 40, valueSize: 128, maxEntries: 65536 },
  pool_turns: { type: 'array', keySize: 4, valueSize: 16, maxEntries: 65536 },
  pools: { type: 'array', keySize: 4, valueSize: 8, maxEntries: 65536 },
  proxy_names: { type: 'hash', keySize: 4, valueSize: 128, maxEntries: 16384 },
  rate_source: { type: 'lru_hash', keySize: 24, valueSize: 32, maxEntries: 100000 },
  rate_stats: { type: 'percpu_array', keySize: 4, valueSize: 16, maxEntries: 16384 },
  rate_target: { type: 'array', keySize: 4, valueSize: 32, maxEntries: 32768 },
  reason_stats: { type: 'percpu_array', keySize: 4, valueSize: 8, maxEntries: 192 },
  slots: { type: 'array', keySize: 4, valueSize: 64, maxEntries: 262144 },
  sni_routes: { type: 'hash', keySize: 16, valueSize: 4, maxEntries: 262144 },
  source_limits: { type: 'hash', keySize: 4, valueSize: 48, maxEntries: 16384 },
  source_routes: { type: 'lpm_trie', keySize: 24, valueSize: 4, maxEntries: 262144 },
  target_active: { type: 'array', keySize: 4, valueSize: 8, maxEntries: 32768 },
  target_stats: { type: 'percpu_array', keySize: 4, valueSize: 72, maxEntries: 32768 },
  targets: { type: 'array', keySize: 4, valueSize: 56, maxEntries: 32768 },
  told_flows: { type: 'hash', keySize: 40, valueSize: 144, maxEntries: 100000 },
} as const;

/** The programs. */
export const PROGRAMS = {
  sweep: { section: 'syscall', type: 'syscall' },
  tc_egress: { section: 'tc', type: 'sched_cls' },
  tc_ingress: { section: 'tc', type: 'sched_cls' },
  xdp_ingress: { section: 'xdp', type: 'xdp' },
} as const;

/** The load-time options: where they lie in `.rodata`, in bytes. */
export const RODATA = {
  confirm_one_in: { offset: 0, size: 4 },
  snat_port_min: { offset: 4, size: 2 },
  snat_port_count: { offset: 6, size: 2 },
} as const;

function getBytes(buf: Buffer, start: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size);
  buf.copy(bytes, 0, start, start + size);
  return bytes;
}

function putBytes(bytes: Uint8Array, buf: Buffer, start: number, size: number): void {
  if (bytes.length !== size) throw new RangeError(`${bytes.length} bytes where ${size} belong`);
  buf.set(bytes, start);
}

function putEach<T>(values: readonly T[], count: number, put: (value: T, index: number) => void): void {
  if (values.length !== count) throw new RangeError(`${values.length} values where ${count} belong`);
  values.forEach(put);
}
