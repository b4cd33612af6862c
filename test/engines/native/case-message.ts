import type { Case, Input, Options, State } from '../model.ts';
import { type AddressCodec, encodeState, hookNumber, STATE_MAPS, u32Key } from '../rows/index.ts';
import { type ByteWriter, byteWriter } from './byte-writer.ts';
import type { SweepCase } from './sweep.ts';

const REQUEST_CASE = 2;
const REQUEST_SWEEP = 3;
const FLAG_PARTIAL = 1;
const FLAG_VLAN_STRIPPED = 2;
const ALL_LINEAR = 0xffffffff;

/** When every case begins on the programs' clock: in the middle of an epoch, long after the clock's start. */
export const START_NS = (1_000_000n << 30n) + (1n << 29n);

/** A helper that fails on purpose while a packet of a case is in hand. */
export interface HelperFault {
  /** Index of the packet. */
  readonly packet: number;
  /**
   * `refused`: the kernel has no memory for an entry, or for a packet that must be read or written.
   * `race`: another CPU has just removed an entry, or entered it first.
   * `moved`: another CPU has just moved all flows from `pending` to `flows`.
   */
  readonly kind: 'refused' | 'race' | 'moved';
  /** Which of the calls that can fail in this way, counted from 1. */
  readonly call: number;
}

const FAULT_KINDS = { refused: 1, race: 2, moved: 3 } as const;

/** The request that runs a case. */
export function caseMessage(
  { options, state, inputs }: Case,
  addresses: AddressCodec,
  fault?: HelperFault,
): Buffer {
  const writer = byteWriter();
  writer.u8(REQUEST_CASE);
  writeState(writer, state, options, addresses);
  writer.u16(inputs.length);
  inputs.forEach((input, packet) => {
    writeInput(writer, input, fault?.packet === packet ? fault : undefined);
  });
  return writer.framed();
}

/** The request that runs the sweep program. */
export function sweepMessage(sweep: SweepCase, addresses: AddressCodec): Buffer {
  const writer = byteWriter();
  writer.u8(REQUEST_SWEEP);
  writeState(writer, sweep.state, sweep.options, addresses, sweep.activeBefore);
  const { syn, established, closing, udp } = sweep.timeoutsNs;
  const { timeoutNs, lastNs } = sweep.answers;
  for (const time of [syn, established, closing, udp, timeoutNs, lastNs]) writer.u64(time);
  return writer.framed();
}

function writeState(
  writer: ByteWriter,
  state: State,
  options: Options,
  addresses: AddressCodec,
  active: Readonly<Record<number, number>> = {},
): void {
  const entries = encodeState(state, START_NS, addresses);
  writer.u64(START_NS);
  writer.u16(options.snatPortMin);
  writer.u16(options.snatPortCount);
  writer.u32(options.confirmNewFlows === 'always' ? 1 : 0);
  writer.u8(STATE_MAPS.length + 1);
  for (const map of STATE_MAPS) writeEntries(writer, map, entries[map]);
  writeEntries(writer, 'target_active', Object.entries(active).map(encodeActive));
}

function encodeActive([target, count]: [string, number]): { key: Buffer; value: Buffer } {
  const value = Buffer.alloc(8);
  value.writeBigUInt64LE(BigInt(count));
  return { key: u32Key(Number(target)), value };
}

function writeEntries(
  writer: ByteWriter,
  map: string,
  entries: readonly { readonly key: Buffer; readonly value: Buffer }[],
): void {
  writer.u8(map.length);
  writer.bytes(Buffer.from(map));
  writer.u32(entries.length);
  for (const { key, value } of entries) {
    writer.bytes(key);
    writer.bytes(value);
  }
}

function writeInput(writer: ByteWriter, input: Input, fault: HelperFault | undefined): void {
  const {
    hook,
    ifindex,
    frame,
    gso,
    linear,
    partialChecksum,
    vlanStripped,
    randoms = [],
    epochsLater,
  } = input;
  writer.u8(hookNumber(hook));
  writer.u32(ifindex);
  writer.u8((partialChecksum ? FLAG_PARTIAL : 0) | (vlanStripped ? FLAG_VLAN_STRIPPED : 0));
  writer.u32(gso?.size ?? 0);
  writer.u32(gso?.segments ?? 0);
  writer.u32(linear ?? ALL_LINEAR);
  writer.u32(epochsLater ?? 0);
  writer.u8(fault ? FAULT_KINDS[fault.kind] : 0);
  writer.u32(fault?.call ?? 0);
  writer.u16(randoms.length);
  for (const random of randoms) writer.u32(random);
  writer.u32(frame.length);
  writer.bytes(frame);
}
