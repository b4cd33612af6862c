import type { CaptureCondition, CaptureHook, TupleFilter } from '../capture/index.ts';
import { SluiceError } from '../errors/index.ts';
import { encodeMask, encodePrefix } from './address.ts';
import {
  CAPTURE_FILTER_SIZE,
  CaptureEnd,
  HOOK_NAMES,
  REASON_NAMES,
  Reason,
  writeCaptureFilter,
} from './generated/abi.ts';

/** Which packets the programs tell of. */
export interface PacketFilter {
  readonly tuple: TupleFilter;
  readonly hooks: readonly CaptureHook[];
  /** As {@link CaptureRequest.reasons}; empty: all. */
  readonly reasons: readonly string[];
  /** 0: every interface. */
  readonly ifindex: number;
  /** One in so many, on each CPU. */
  readonly oneIn: number;
  /** First bytes of each packet. */
  readonly bytes: number;
}

/** A filter in force. */
export interface FilterInForce {
  readonly filter: PacketFilter;
  /** Tells the records of one reader from those of another; not 0. */
  readonly session: number;
  /** CLOCK_MONOTONIC; 0: it is not in force. */
  readonly untilNs: bigint;
}

/**
 * What each CPU tells in about a second: reading a record costs some 50 us, and the daemon has other things to do.
 */
const PER_EPOCH = 2_000;
const CONDITIONS = 4;
const AF = { 4: 2, 6: 10 } as const;
const PROTOCOLS = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const;
const ANY = Buffer.alloc(16);
const NO_CONDITION = { address: { bytes: ANY }, mask: { bytes: ANY }, port: 0, ends: 0 };
const ENDS: Readonly<Record<CaptureCondition['ends'], number>> = {
  source: CaptureEnd.source,
  destination: CaptureEnd.destination,
  either: CaptureEnd.source | CaptureEnd.destination,
};

/** `struct capture_filter`. @throws SluiceError `usage` when there is no such reason */
export function encodeFilter({ filter, session, untilNs }: FilterInForce): Buffer {
  const value = Buffer.alloc(CAPTURE_FILTER_SIZE);
  const { protocol, family, conditions } = filter.tuple;
  const encoded = conditions.map(encodeCondition);
  writeCaptureFilter(
    {
      untilNs,
      reasons: reasonBits(filter.reasons),
      session,
      hooks: filter.hooks.reduce((bits, hook) => bits | (1 << HOOK_NAMES.indexOf(hook)), 0),
      ifindex: filter.ifindex,
      oneIn: filter.oneIn,
      maxBytes: filter.bytes,
      perEpoch: PER_EPOCH,
      protocol: protocol === undefined ? 0 : PROTOCOLS[protocol],
      family: family === undefined ? 0 : AF[family],
      conditions: [...encoded, ...Array.from({ length: CONDITIONS - encoded.length }, () => NO_CONDITION)],
    },
    value,
  );
  return value;
}

function encodeCondition({ ends, network, port }: CaptureCondition) {
  const { bytes, bits } = network === undefined ? { bytes: ANY, bits: 0 } : encodePrefix(network);
  return { address: { bytes }, mask: { bytes: encodeMask(bits) }, port: port ?? 0, ends: ENDS[ends] };
}

/** A bit for each reason that one of the words names; all when there are none. */
function reasonBits(words: readonly string[]): bigint {
  const known = Object.entries(REASON_NAMES).filter(([value]) => Number(value) !== Reason.none);
  const wanted = words.length === 0 ? known : words.flatMap((word) => named(word, known));
  return wanted.reduce((bits, [value]) => bits | (1n << BigInt(value)), 0n);
}

/** `dropped` is all that begin so, `no_target` and `dropped_no_target` are one. */
function named(word: string, known: readonly [string, string][]): readonly [string, string][] {
  const found = known.filter(([, name]) => {
    const [outcome = '', ...rest] = name.split('_');
    return word === outcome || word === name || word === rest.join('_');
  });
  if (found.length > 0) return found;
  const names = known.map(([, name]) => name).join(', ');
  throw new SluiceError('usage', `no packet leaves for the reason "${word}"`, {
    fix: `use forwarded, passed, dropped, or one of ${names}`,
  });
}
