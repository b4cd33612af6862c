import {
  FLOW_DIRECTION_NAMES,
  FLOW_KEY_SIZE,
  FLOW_SIZE,
  FLOW_STATE_NAMES,
  type Flow,
  FlowDirection,
  FlowFlag,
  FlowState,
  type NextHop,
  readFlow,
  readFlowKey,
  writeFlow,
  writeFlowKey,
} from '../../../src/datapath/generated/abi.ts';
import { protocolName, protocolNumber } from '../../../src/datapath/protocols.ts';
import type { Protocol, Tuple } from '../model/basics.ts';
import type { FlowRow, HopRow, LateRow } from '../model.ts';
import type { AddressCodec } from './addresses.ts';
import { checksumDelta, mirroredDelta } from './checksum-delta.ts';
import type { Entry } from './entry.ts';
import { decodeMac, encodeMac } from './mac.ts';
import { epochOf, epochsAgo, epochsBefore } from './time.ts';

/** Where addresses and ports lie, side by side, in `struct flow_key` and in `struct flow`. */
const ADDRESSES = { start: 0, end: 32 };
const PORTS = { start: 32, end: 36 };
/** Neither side of a flow that was bound late scales its windows. */
const NO_SCALES = 0xff;

/** The entry of a flow half at `nowNs`, with the checksum differences that the programs would have put there. */
export function encodeFlow(row: FlowRow, nowNs: bigint, addresses: AddressCodec): Entry {
  const key = encodeKey(row.protocol, row.in, addresses);
  const value = Buffer.alloc(FLOW_SIZE);
  const after = encodeKey(row.protocol, row.out, addresses);
  writeFlow(
    {
      src: { bytes: addresses.encode(row.out.source) },
      dst: { bytes: addresses.encode(row.out.destination) },
      sport: row.out.sourcePort,
      dport: row.out.destinationPort,
      direction: FlowDirection[row.direction],
      state: FlowState[row.state],
      flags: flagsOf(row),
      scales: encodeScales(row.late),
      seqDelta: row.late?.seqDelta ?? 0,
      ackDelta: row.late?.ackDelta ?? 0,
      proxy: row.proxy,
      target: row.target,
      addressDelta: delta(row, key, after, ADDRESSES),
      portDelta: delta(row, key, after, PORTS),
      hop: encodeHop(row.hop, nowNs),
      acked: row.acked,
      isn: row.isn,
      seenNs: epochsBefore(nowNs, row.seenEpochsAgo),
      packets: BigInt(row.packets),
      bytes: BigInt(row.bytes),
      createdNs: epochsBefore(nowNs, row.createdEpochsAgo),
    },
    value,
  );
  return { key, value };
}

/** What an entry of `flows` or `pending` says at `nowNs`. */
export function decodeFlow({ key, value }: Entry, nowNs: bigint, addresses: AddressCodec): FlowRow {
  const before = readFlowKey(key);
  const flow = readFlow(value);
  return {
    protocol: protocolName(before.protocol),
    in: tuple(before, addresses),
    out: tuple(flow, addresses),
    direction: named(FLOW_DIRECTION_NAMES, FlowDirection, flow.direction),
    state: named(FLOW_STATE_NAMES, FlowState, flow.state),
    fin: (flow.flags & FlowFlag.fin) !== 0,
    snat: (flow.flags & FlowFlag.snat) !== 0,
    local: (flow.flags & FlowFlag.local) !== 0,
    proxy: flow.proxy,
    target: flow.target,
    acked: flow.acked,
    isn: flow.isn,
    packets: Number(flow.packets),
    bytes: Number(flow.bytes),
    seenEpochsAgo: epochsAgo(nowNs, flow.seenNs),
    createdEpochsAgo: epochsAgo(nowNs, flow.createdNs),
    hop: decodeHop(flow.hop, nowNs),
    ...((flow.flags & FlowFlag.late) === 0 ? {} : { late: decodeLate(flow) }),
    ...((flow.flags & FlowFlag.header) === 0 ? {} : { header: decodeHeader(flow) }),
  };
}

function flagsOf({ fin, snat, local, late, header }: FlowRow): number {
  return (
    (fin ? FlowFlag.fin : 0) |
    (snat ? FlowFlag.snat : 0) |
    (local ? FlowFlag.local : 0) |
    (late ? FlowFlag.late : 0) |
    (late?.held || header?.held ? FlowFlag.held : 0) |
    (header ? FlowFlag.header : 0) |
    (header?.ask ? FlowFlag.ask : 0)
  );
}

/** The client's scale is kept only where the target has none; see bpf/translate.h. */
function encodeScales(late: LateRow | undefined): number {
  if (late === undefined) return 0;
  if (late.scales === null) return NO_SCALES;
  return late.scales.target ?? late.scales.client << 4;
}

function decodeHeader({ flags }: Flow): NonNullable<FlowRow['header']> {
  return { held: (flags & FlowFlag.held) !== 0, ask: (flags & FlowFlag.ask) !== 0 };
}

function decodeLate({ flags, seqDelta, ackDelta, scales }: Flow): LateRow {
  const known =
    scales === NO_SCALES ? null : { client: scales >> 4, target: scales >> 4 === 0 ? scales & 0xf : null };
  return { seqDelta, ackDelta, scales: known, held: (flags & FlowFlag.held) !== 0 };
}

/** A key of `flows`. */
export function encodeKey(
  protocol: Protocol,
  { source, sourcePort, ...to }: Tuple,
  addresses: AddressCodec,
): Buffer {
  const key = Buffer.alloc(FLOW_KEY_SIZE);
  writeFlowKey(
    {
      src: { bytes: addresses.encode(source) },
      dst: { bytes: addresses.encode(to.destination) },
      sport: sourcePort,
      dport: to.destinationPort,
      protocol: protocolNumber(protocol),
    },
    key,
  );
  return key;
}

/** A forward half has the difference of its rewrite; a reply half has its peer's, turned round. */
function delta(row: FlowRow, key: Buffer, after: Buffer, part: { start: number; end: number }): number {
  const from = key.subarray(part.start, part.end);
  const to = after.subarray(part.start, part.end);
  return row.direction === 'forward' ? checksumDelta(from, to) : mirroredDelta(checksumDelta(to, from));
}

function encodeHop(hop: HopRow, nowNs: bigint): NextHop {
  if (hop.kind === 'none') return { epoch: 0, ifindex: 0, macs: Buffer.alloc(12), mtu: 0 };
  return {
    epoch: epochOf(nowNs) - (hop.kind === 'stale' ? 1 : 0),
    ifindex: hop.ifindex,
    macs: Buffer.concat([encodeMac(hop.destinationMac), encodeMac(hop.sourceMac)]),
    mtu: hop.mtu,
  };
}

function decodeHop(hop: NextHop, nowNs: bigint): HopRow {
  if (hop.epoch === 0) return { kind: 'none' };
  return {
    kind: hop.epoch === epochOf(nowNs) ? 'fresh' : 'stale',
    ifindex: hop.ifindex,
    destinationMac: decodeMac(hop.macs.subarray(0, 6)),
    sourceMac: decodeMac(hop.macs.subarray(6)),
    mtu: hop.mtu,
  };
}

interface Half {
  readonly src: { readonly bytes: Buffer };
  readonly dst: { readonly bytes: Buffer };
  readonly sport: number;
  readonly dport: number;
}

/** Addresses and ports of a key or a half. */
export function tuple(half: Half, addresses: AddressCodec): Tuple {
  return {
    source: addresses.decode(half.src.bytes),
    sourcePort: half.sport,
    destination: addresses.decode(half.dst.bytes),
    destinationPort: half.dport,
  };
}

/** The name of an enum's value. @throws RangeError for a value that the enum does not have. */
export function named<Name extends string>(
  names: readonly string[],
  values: Readonly<Record<Name, number>>,
  value: number,
): Name {
  const name = names[value];
  if (name === undefined || !isKey(values, name))
    throw new RangeError(`${value} is none of ${names.join(', ')}`);
  return name;
}

function isKey<Name extends string>(values: Readonly<Record<Name, number>>, name: string): name is Name {
  return Object.hasOwn(values, name);
}
