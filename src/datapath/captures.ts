import type { CaptureHook, CaptureOutcome } from '../capture/index.ts';
import { type BpfMap, possibleCpus, RingBuffer } from '../libbpf/index.ts';
import { encodeFilter, type FilterInForce } from './capture-filter.ts';
import {
  CAPTURE_COUNTS_SIZE,
  HOOK_NAMES,
  MAPS,
  REASON_NAMES,
  readCaptureCounts,
  readCaptureHeader,
} from './generated/abi.ts';
import { u32Key } from './u32-key.ts';

/** A packet that a program has told of. */
export interface CapturedRecord {
  readonly session: number;
  /** CLOCK_MONOTONIC. */
  readonly timeNs: bigint;
  readonly hook: CaptureHook;
  readonly outcome: CaptureOutcome;
  readonly reason: string;
  readonly verdict: number;
  readonly ifindex: number;
  /** Null: of none that is known. */
  readonly proxyId: number | null;
  readonly targetId: number | null;
  readonly before: { readonly length: number; readonly bytes: Buffer };
  readonly after: { readonly length: number; readonly bytes: Buffer };
}

/** What the programs have counted since they were loaded, summed over the CPUs. */
export interface CaptureCounters {
  readonly matched: number;
  readonly lost: number;
}

/** The maps that captures use. */
export interface CaptureMaps {
  readonly captureFilters: BpfMap;
  readonly captureCounts: BpfMap;
  readonly captures: BpfMap;
}

const NOBODY = 0xffffffff;

/** Packets that the programs tell of: one filter at a time. */
export class Captures {
  readonly #maps: CaptureMaps;

  constructor(maps: CaptureMaps) {
    this.#maps = maps;
  }

  /**
   * Puts a filter in force, or puts its end off. It is there in full before it is in force.
   * @throws SluiceError `usage` when it names a reason that there is not; BpfError
   */
  start(filter: FilterInForce): void {
    this.#write(encodeFilter({ ...filter, untilNs: 0n }));
    this.renew(filter);
  }

  /** Puts the end of the filter in force off. @throws BpfError */
  renew(filter: FilterInForce): void {
    this.#write(encodeFilter(filter));
  }

  /** From now on no packet is told of. @throws BpfError */
  stop(): void {
    this.#write(Buffer.alloc(MAPS.capture_filters.valueSize));
  }

  /** Calls `listener` for each record as it comes, and `onError` for what it throws, until the reader is closed. */
  read(listener: (record: CapturedRecord) => void, onError: (error: unknown) => void): Disposable {
    return RingBuffer.on(this.#maps.captures, (record) => listener(decodeRecord(record)), onError);
  }

  /** @throws BpfError */
  counters(): CaptureCounters {
    const values = this.#maps.captureCounts.lookup(u32Key(0)) ?? Buffer.alloc(0);
    const each = Array.from({ length: values.length === 0 ? 0 : possibleCpus() }, (_, cpu) =>
      readCaptureCounts(values, cpu * CAPTURE_COUNTS_SIZE),
    );
    return {
      matched: each.reduce((sum, { matched }) => sum + Number(matched), 0),
      lost: each.reduce((sum, { lost }) => sum + Number(lost), 0),
    };
  }

  #write(value: Buffer): void {
    this.#maps.captureFilters.update(u32Key(0), value);
  }
}

function decodeRecord(record: Buffer): CapturedRecord {
  const header = readCaptureHeader(record);
  const { start, bytes, startAfter, bytesAfter } = header;
  const [outcome, ...rest] = (REASON_NAMES[header.reason] ?? `passed_${header.reason}`).split('_');
  return {
    session: header.session,
    timeNs: header.timeNs,
    hook: hookOf(header.hook),
    outcome: outcome === 'forwarded' || outcome === 'dropped' ? outcome : 'passed',
    reason: rest.join('_'),
    verdict: header.verdict,
    ifindex: header.ifindex,
    proxyId: header.proxy === NOBODY ? null : header.proxy,
    targetId: header.target === NOBODY ? null : header.target,
    before: { length: header.length, bytes: record.subarray(start, start + bytes) },
    after: { length: header.lengthAfter, bytes: record.subarray(startAfter, startAfter + bytesAfter) },
  };
}

function hookOf(number: number): CaptureHook {
  const name = HOOK_NAMES[number];
  return name === 'xdp_ingress' || name === 'tc_egress' ? name : 'tc_ingress';
}
