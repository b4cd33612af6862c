import { encodeMask, encodePrefix } from '../../../src/datapath/address.ts';
import {
  CAPTURE_FILTER_SIZE,
  CaptureEnd,
  HOOK_NAMES,
  REASON_NAMES,
  readCaptureHeader,
  writeCaptureFilter,
} from '../../../src/datapath/generated/abi.ts';
import { u32Key } from '../../../src/datapath/u32-key.ts';
import type { CaptureCondition, CapturedRow, CaptureRow } from '../model/capture.ts';
import { hookNumber } from './counters.ts';
import type { Entry } from './entry.ts';

const SESSION = 7;
const NOBODY = 0xffffffff;
const CONDITIONS = 4;
const MOST_BYTES = 256;
/** The programs' clock is behind by up to a tick of the kernel's, at 100 a second. */
const CLOCK_TICK_NS = 10_000_000n;
const AN_HOUR_NS = 3_600_000_000_000n;
const AF_INET = 2;
const AF_INET6 = 10;
const NO_CONDITION = {
  address: { bytes: Buffer.alloc(16) },
  mask: { bytes: Buffer.alloc(16) },
  port: 0,
  ends: 0,
};
const ENDS = {
  source: CaptureEnd.source,
  destination: CaptureEnd.destination,
  either: CaptureEnd.source | CaptureEnd.destination,
};

/** The filter, as user space writes it. */
export function encodeCapture(row: CaptureRow, nowNs: bigint): Entry {
  const value = Buffer.alloc(CAPTURE_FILTER_SIZE);
  const conditions = (row.conditions ?? []).map(encodeCondition);
  const unused = Array.from({ length: CONDITIONS - conditions.length }, () => NO_CONDITION);
  writeCaptureFilter(
    {
      untilNs: row.expired ? nowNs - CLOCK_TICK_NS : nowNs + AN_HOUR_NS,
      reasons: bits64(row.reasons?.map(reasonNumber)),
      session: SESSION,
      hooks: Number(bits64(row.hooks?.map(hookNumber)) & 0xffffffffn),
      ifindex: row.ifindex ?? 0,
      oneIn: row.oneIn ?? 1,
      maxBytes: row.maxBytes ?? MOST_BYTES,
      perEpoch: row.perEpoch ?? 1_000_000,
      protocol: row.protocol ?? 0,
      family: { 0: 0, 4: AF_INET, 6: AF_INET6 }[row.family ?? 0],
      conditions: [...conditions, ...unused],
    },
    value,
  );
  return { key: u32Key(0), value };
}

function encodeCondition({ ends, network, port }: CaptureCondition) {
  const prefix = network === undefined ? { bytes: Buffer.alloc(16), bits: 0 } : encodePrefix(network);
  const mask = encodeMask(prefix.bits);
  return {
    address: { bytes: Buffer.from(prefix.bytes.map((byte, index) => byte & (mask[index] ?? 0))) },
    mask: { bytes: mask },
    port: port ?? 0,
    ends: ENDS[ends],
  };
}

/** All when there is no list. */
function bits64(numbers: readonly number[] | undefined): bigint {
  return numbers === undefined
    ? 0xffffffffffffffffn
    : numbers.reduce((bits, number) => bits | (1n << BigInt(number)), 0n);
}

function reasonNumber(name: string): number {
  const found = Object.entries(REASON_NAMES).find(([, known]) => known === name);
  if (!found) throw new RangeError(`there is no reason '${name}'`);
  return Number(found[0]);
}

/** What a record of the ring says. @throws RangeError when its length or its session is not right */
export function decodeCaptured(record: Buffer): CapturedRow {
  const header = readCaptureHeader(record);
  if (record.length !== header.startAfter + header.bytesAfter || header.session !== SESSION) {
    throw new RangeError(`a record of ${record.length} bytes, session ${header.session}`);
  }
  const [before, after] = [
    record.subarray(header.start, header.start + header.bytes),
    record.subarray(header.startAfter),
  ];
  return {
    hook: HOOK_NAMES[header.hook] ?? `hook_${header.hook}`,
    reason: REASON_NAMES[header.reason] ?? `reason_${header.reason}`,
    ifindex: header.ifindex,
    proxy: header.proxy === NOBODY ? null : header.proxy,
    target: header.target === NOBODY ? null : header.target,
    length: header.length,
    before: new Uint8Array(before),
    lengthAfter: header.lengthAfter,
    after: new Uint8Array(after),
    verdict: header.verdict,
  };
}
