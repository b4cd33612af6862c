import {
  CONNECT_LATENCY_SIZE,
  FLOW_KEY_SIZE,
  FLOW_SIZE,
  FRAGMENT_KEY_SIZE,
  FRAGMENT_PORTS_SIZE,
  LATE_ENTRY_SIZE,
  LATE_SLOT_SIZE,
  RATE_BUCKET_SIZE,
  RATE_SOURCE_KEY_SIZE,
  readSweepArgs,
  SWEEP_ARGS_SIZE,
} from '../../../src/datapath/generated/abi.ts';
import type { HookName } from '../model/basics.ts';
import type { HeldRow, HoldRow } from '../model/held.ts';
import type { SourceBucketRow } from '../model/limits.ts';
import { type EventRow, type LossesDelta, NOTHING_LOST } from '../model/told.ts';
import {
  type FlowRow,
  type FragmentRow,
  type Input,
  NOTHING_COUNTED,
  type Outcome,
  type TargetDelta,
} from '../model.ts';
import {
  type AddressCodec,
  decodeCaptured,
  decodeEvent,
  decodeFlow,
  decodeFragment,
  decodeHeld,
  decodeHolds,
  decodeSlot,
  decodeSourceBucket,
  decodeTargetBuckets,
  type Entry,
  type LatencyCounts,
  latencyDelta,
  reasonName,
  u32Key,
} from '../rows/index.ts';
import { type ByteReader, byteReader } from './byte-reader.ts';
import { START_NS } from './case-message.ts';
import { type RowReader, rowReader } from './row-reader.ts';
import type { SweepOutcome } from './sweep.ts';

/** What programs return, from linux/bpf.h and linux/pkt_cls.h. */
const VERDICTS: Readonly<Record<'xdp' | 'tc', Readonly<Record<number, Outcome['verdict']>>>> = {
  xdp: { 0: 'aborted', 1: 'drop', 2: 'pass', 4: 'redirect' },
  tc: { [-1]: 'pass', 0: 'pass', 2: 'drop', 7: 'redirect' },
};
const REDIRECT_RESOLVE = 2;
const HARDWARE_CHECKSUMS = [undefined, 'kept', 'broken'] as const;

/** Readers of the tables that an answer tells. */
export interface TableReaders {
  readonly flows: RowReader<FlowRow>;
  readonly fragments: RowReader<FragmentRow>;
  readonly sourceBuckets: RowReader<SourceBucketRow>;
  readonly held: RowReader<HeldRow>;
  readonly holds: (reader: ByteReader) => readonly HoldRow[];
  readonly events: RowReader<EventRow>;
}

export function tableReaders(addresses: AddressCodec): TableReaders {
  return {
    flows: rowReader({ key: FLOW_KEY_SIZE, value: FLOW_SIZE }, decodeFlow, addresses),
    fragments: rowReader({ key: FRAGMENT_KEY_SIZE, value: FRAGMENT_PORTS_SIZE }, decodeFragment, addresses),
    sourceBuckets: rowReader(
      { key: RATE_SOURCE_KEY_SIZE, value: RATE_BUCKET_SIZE },
      decodeSourceBucket,
      addresses,
    ),
    held: rowReader({ key: FLOW_KEY_SIZE, value: LATE_ENTRY_SIZE }, decodeHeld, addresses),
    holds: (reader) => readHolds(reader, addresses),
    events: (reader, nowNs) => readEvents(reader, nowNs, addresses),
  };
}

/** What came of a packet, and whether the helper that was to fail meanwhile did. */
export interface FaultyOutcome extends Outcome {
  readonly struck: boolean;
}

/** The outcomes of a case's packets. */
export function readOutcomes(
  answer: Buffer,
  inputs: readonly Input[],
  tables: TableReaders,
): readonly Outcome[] {
  return readFaultyOutcomes(answer, inputs, tables).map(({ struck: _, ...outcome }) => outcome);
}

/** The same, of a case in which a helper was to fail. */
export function readFaultyOutcomes(
  answer: Buffer,
  inputs: readonly Input[],
  tables: TableReaders,
): readonly FaultyOutcome[] {
  const reader = byteReader(answer);
  const outcomes = inputs.map(({ hook }) => readOutcome(reader, hook, tables));
  assertRead(reader);
  return outcomes;
}

/** The outcome of a sweep. */
export function readSweepOutcome(answer: Buffer, tables: TableReaders): SweepOutcome {
  const reader = byteReader(answer);
  const args = readSweepArgs(reader.bytes(SWEEP_ARGS_SIZE));
  const flows = tables.flows(reader, START_NS);
  const pending = tables.flows(reader, START_NS);
  const held = tables.held(reader, START_NS);
  const slots = readRecord(reader, () => decodeSlot(reader.bytes(LATE_SLOT_SIZE)));
  const targetActive = readRecord(reader, () => Number(reader.u64()));
  const targets = readRecord(reader, () => readTargetDelta(reader));
  const failures = readFailures(reader);
  const events = tables.events(reader, START_NS);
  assertRead(reader);
  return {
    events,
    flows,
    pending,
    held,
    slots,
    targetActive,
    targets,
    failures,
    counts: { active: Number(args.active), pending: Number(args.pending), expired: Number(args.expired) },
  };
}

function readOutcome(reader: ByteReader, hook: HookName, tables: TableReaders): FaultyOutcome {
  const verdict = readVerdict(reader, hook);
  const redirect = readRedirect(reader);
  const struck = reader.u8() === 1;
  const hardwareChecksum = HARDWARE_CHECKSUMS[reader.u8()];
  const frame = new Uint8Array(reader.bytes(reader.u32()));
  const copies = Array.from({ length: reader.u32() }, () => readCopy(reader));
  const nowNs = reader.u64();
  const reasons = readRecord(reader, () => Number(reader.i64()));
  const counted = readRecord(reader, () => readTargetDelta(reader));
  const targets = withLatencies(
    counted,
    readRecord(reader, () => readLatency(reader)),
  );
  const failures = readFailures(reader);
  const rows = readRows(reader, tables, nowNs);
  const capture = readCapture(reader);
  return {
    struck,
    verdict,
    frame,
    ...(copies.length > 0 && { copies }),
    ...(verdict === 'redirect' && { redirect }),
    ...(hardwareChecksum && verdict !== 'drop' && { hardwareChecksum }),
    reasons: Object.fromEntries(
      Object.entries(reasons).map(([index, by]) => [reasonName(hook, Number(index)), by]),
    ),
    targets,
    failures,
    ...rows,
    ...capture,
  };
}

function readRows(reader: ByteReader, tables: TableReaders, nowNs: bigint) {
  return {
    flows: tables.flows(reader, nowNs),
    pending: tables.flows(reader, nowNs),
    fragments: tables.fragments(reader, nowNs),
    sourceBuckets: tables.sourceBuckets(reader, nowNs),
    targetBuckets: decodeTargetBuckets(readSet(reader, RATE_BUCKET_SIZE), nowNs),
    held: tables.holds(reader),
    refused: readRecord(reader, () => ({ source: Number(reader.i64()), target: Number(reader.i64()) })),
    losses: readRecord(reader, () => readLosses(reader))[0] ?? NOTHING_LOST,
    events: tables.events(reader, nowNs),
  };
}

/** What was captured of the packet, or lost though it was wanted. */
function readCapture(reader: ByteReader): Pick<Outcome, 'captured' | 'captureLost'> {
  const counts = readRecord(reader, () => [reader.i64(), reader.i64(), reader.i64()]);
  const record = Buffer.from(reader.bytes(reader.u32()));
  return {
    ...(record.length > 0 && { captured: decodeCaptured(record) }),
    ...(counts[0]?.[1] === 1n && { captureLost: true }),
  };
}

function readVerdict(reader: ByteReader, hook: HookName): Outcome['verdict'] {
  const returned = reader.i32();
  const verdict = VERDICTS[hook === 'xdp_ingress' ? 'xdp' : 'tc'][returned];
  if (verdict === undefined) throw new RangeError(`${hook} returned ${returned}`);
  return verdict;
}

function readRedirect(reader: ByteReader): { readonly ifindex: number; readonly resolve: boolean } {
  const asked = reader.u8();
  return { ifindex: reader.u32(), resolve: asked === REDIRECT_RESOLVE };
}

function readCopy(reader: ByteReader): { readonly ifindex: number; readonly frame: Uint8Array } {
  return { ifindex: reader.u32(), frame: new Uint8Array(reader.bytes(reader.u32())) };
}

function readRecord<T>(reader: ByteReader, read: () => T): Record<number, T> {
  const record: Record<number, T> = {};
  for (let left = reader.u32(); left > 0; left--) {
    const index = reader.u32();
    record[index] = read();
  }
  return record;
}

/** `failures` has one entry, which is told when it changed. */
function readFailures(reader: ByteReader): number {
  return readRecord(reader, () => Number(reader.i64()))[0] ?? 0;
}

/** Entries of an array. */
function readSet(reader: ByteReader, valueBytes: number): readonly Entry[] {
  return Array.from({ length: reader.u32() }, () => ({
    key: u32Key(reader.u32()),
    value: reader.bytes(valueBytes),
  }));
}

function readHolds(reader: ByteReader, addresses: AddressCodec): readonly HoldRow[] {
  const entries = Array.from({ length: reader.u32() }, () => ({
    key: reader.bytes(FLOW_KEY_SIZE),
    value: reader.bytes(LATE_ENTRY_SIZE),
  }));
  const slots = readRecord(reader, () => reader.bytes(LATE_SLOT_SIZE));
  return decodeHolds(entries, (index) => slots[index], addresses);
}

function readLosses(reader: ByteReader): LossesDelta {
  return { opened: Number(reader.i64()), closed: Number(reader.i64()), flows: Number(reader.i64()) };
}

function readEvents(reader: ByteReader, nowNs: bigint, addresses: AddressCodec): readonly EventRow[] {
  return Array.from({ length: reader.u32() }, () =>
    decodeEvent(reader.bytes(reader.u32()), nowNs, addresses),
  );
}

/** Joins what grew of both tables. */
function withLatencies(
  targets: Readonly<Record<number, TargetDelta>>,
  latencies: Readonly<Record<number, LatencyCounts>>,
): Record<number, TargetDelta> {
  const ids = new Set([...Object.keys(targets), ...Object.keys(latencies)].map(Number));
  return Object.fromEntries(
    [...ids].map((id) => {
      const delta = targets[id] ?? NOTHING_COUNTED;
      const latency = latencies[id] ?? { sumNs: 0n, buckets: [] };
      return [id, { ...delta, ...latencyDelta(latency, delta.answered) }];
    }),
  );
}

function readLatency(reader: ByteReader): LatencyCounts {
  const [sumNs = 0n, ...buckets] = Array.from({ length: CONNECT_LATENCY_SIZE / 8 }, () => reader.i64());
  return { sumNs, buckets };
}

function readTargetDelta(reader: ByteReader): TargetDelta {
  return {
    ...NOTHING_COUNTED,
    forwardPackets: Number(reader.i64()),
    forwardBytes: Number(reader.i64()),
    replyPackets: Number(reader.i64()),
    replyBytes: Number(reader.i64()),
    flows: Number(reader.i64()),
    answered: Number(reader.i64()),
    established: Number(reader.i64()),
    refused: Number(reader.i64()),
    unanswered: Number(reader.i64()),
  };
}

function assertRead(reader: ByteReader): void {
  if (reader.left() > 0) throw new RangeError(`${reader.left()} bytes too many in an answer`);
}
