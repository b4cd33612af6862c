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

/** `enum flow_flag` */
export const FlowFlag = {
  fin: 1,
  snat: 2,
  local: 4,
} as const;

/** A value of `enum flow_flag`. */
export type FlowFlag = (typeof FlowFlag)[keyof typeof FlowFlag];

/** Labels of `enum flow_flag` by value. */
export const FLOW_FLAG_NAMES: Readonly<Record<number, string>> = {
  1: 'fin',
  2: 'snat',
  4: 'local',
};

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

/** `enum listener_flag` */
export const ListenerFlag = {
  sourceRoutes: 1,
  snat: 2,
  sourceLimit: 4,
} as const;

/** A value of `enum listener_flag`. */
export type ListenerFlag = (typeof ListenerFlag)[keyof typeof ListenerFlag];

/** Labels of `enum listener_flag` by value. */
export const LISTENER_FLAG_NAMES: Readonly<Record<number, string>> = {
  1: 'source_routes',
  2: 'snat',
  4: 'source_limit',
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
};

/** `enum target_flag` */
export const TargetFlag = {
  local: 1,
} as const;

/** A value of `enum target_flag`. */
export type TargetFlag = (typeof TargetFlag)[keyof typeof TargetFlag];

/** Labels of `enum target_flag` by value. */
export const TARGET_FLAG_NAMES: Readonly<Record<number, string>> = {
  1: 'local',
};

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
}

/** Bytes of `struct flow`. */
export const FLOW_SIZE = 120;

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
}

/** `struct flow_draft` */
export interface FlowDraft {
  readonly key: FlowKey;
  readonly replyKey: FlowKey;
  readonly forward: Flow;
  readonly reply: Flow;
}

/** Bytes of `struct flow_draft`. */
export const FLOW_DRAFT_SIZE = 320;

/** Reads a `struct flow_draft`. */
export function readFlowDraft(buf: Buffer, offset = 0): FlowDraft {
  return {
    key: readFlowKey(buf, offset),
    replyKey: readFlowKey(buf, offset + 40),
    forward: readFlow(buf, offset + 80),
    reply: readFlow(buf, offset + 200),
  };
}

/** Writes a `struct flow_draft`; padding becomes zero. */
export function writeFlowDraft(value: FlowDraft, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + FLOW_DRAFT_SIZE);
  writeFlowKey(value.key, buf, offset);
  writeFlowKey(value.replyKey, buf, offset + 40);
  writeFlow(value.forward, buf, offset + 80);
  writeFlow(value.reply, buf, offset + 200);
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
}

/** Bytes of `struct listener`. */
export const LISTENER_SIZE = 16;

/** Reads a `struct listener`. */
export function readListener(buf: Buffer, offset = 0): Listener {
  return {
    proxy: buf.readUInt32LE(offset),
    pool: buf.readUInt32LE(offset + 4),
    flags: buf.readUInt32LE(offset + 8),
  };
}

/** Writes a `struct listener`; padding becomes zero. */
export function writeListener(value: Listener, buf: Buffer, offset = 0): void {
  buf.fill(0, offset, offset + LISTENER_SIZE);
  buf.writeUInt32LE(value.proxy, offset);
  buf.writeUInt32LE(value.pool, offset + 4);
  buf.writeUInt32LE(value.flags, offset + 8);
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

/** The declared maps. */
export const MAPS = {
  devices: { type: 'array', keySize: 4, valueSize: 12, maxEntries: 65536 },
  drafts: { type: 'percpu_array', keySize: 4, valueSize: 320, maxEntries: 1 },
  failures: { type: 'percpu_array', keySize: 4, valueSize: 8, maxEntries: 1 },
  flows: { type: 'lru_hash', keySize: 40, valueSize: 120, maxEntries: 200000 },
  fragments: { type: 'lru_hash', keySize: 40, valueSize: 8, maxEntries: 16384 },
  listeners: { type: 'hash', keySize: 24, valueSize: 16, maxEntries: 65536 },
  metadata: { type: 'array', keySize: 4, valueSize: 80, maxEntries: 1 },
  pending: { type: 'lru_hash', keySize: 40, valueSize: 120, maxEntries: 65536 },
  pool_turns: { type: 'array', keySize: 4, valueSize: 8, maxEntries: 65536 },
  pools: { type: 'array', keySize: 4, valueSize: 8, maxEntries: 65536 },
  proxy_names: { type: 'hash', keySize: 4, valueSize: 128, maxEntries: 16384 },
  rate_source: { type: 'lru_hash', keySize: 24, valueSize: 32, maxEntries: 100000 },
  rate_stats: { type: 'percpu_array', keySize: 4, valueSize: 16, maxEntries: 16384 },
  rate_target: { type: 'array', keySize: 4, valueSize: 32, maxEntries: 32768 },
  reason_stats: { type: 'percpu_array', keySize: 4, valueSize: 8, maxEntries: 192 },
  slots: { type: 'array', keySize: 4, valueSize: 64, maxEntries: 262144 },
  source_limits: { type: 'hash', keySize: 4, valueSize: 48, maxEntries: 16384 },
  source_routes: { type: 'lpm_trie', keySize: 24, valueSize: 4, maxEntries: 262144 },
  target_active: { type: 'array', keySize: 4, valueSize: 8, maxEntries: 32768 },
  target_stats: { type: 'percpu_array', keySize: 4, valueSize: 72, maxEntries: 32768 },
  targets: { type: 'array', keySize: 4, valueSize: 56, maxEntries: 32768 },
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
  snat_port_min: { offset: 0, size: 2 },
  snat_port_count: { offset: 2, size: 2 },
  confirm_one_in: { offset: 4, size: 4 },
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
