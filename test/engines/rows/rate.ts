import {
  RATE_BUCKET_SIZE,
  RATE_COUNTERS_SIZE,
  RATE_SOURCE_KEY_SIZE,
  readRateBucket,
  readRateSourceKey,
  SOURCE_LIMIT_SIZE,
  writeRateBucket,
  writeRateSourceKey,
  writeSourceLimit,
} from '../../../src/datapath/generated/abi.ts';
import { u32Key } from '../../../src/datapath/u32-key.ts';
import type { BucketRow, RefusedDelta, RuleRow, SourceBucketRow, SourceLimitRow } from '../model/limits.ts';
import type { AddressCodec } from './addresses.ts';
import type { Entry } from './entry.ts';

const EPOCH_NS = 1n << 30n;
const V4_BITS = 96;

/** A rule, of which an interval is so many epochs. */
export function encodeRule(rule: RuleRow | undefined) {
  if (rule === undefined) return { intervalNs: 0n, toleranceNs: 0n };
  const intervalNs = BigInt(rule.everyEpochs) * EPOCH_NS;
  return { intervalNs, toleranceNs: BigInt(rule.burst - 1) * intervalNs };
}

export function encodeSourceLimit(row: SourceLimitRow): Entry {
  const value = Buffer.alloc(SOURCE_LIMIT_SIZE);
  const masks = {
    maskV4: { bytes: maskOf(V4_BITS + (row.bitsV4 ?? 32)) },
    maskV6: { bytes: maskOf(row.bitsV6 ?? 64) },
  };
  writeSourceLimit({ rule: encodeRule(row), ...masks }, value);
  return { key: u32Key(row.proxy), value };
}

export function encodeSourceBucket(row: SourceBucketRow, nowNs: bigint, addresses: AddressCodec): Entry {
  const key = Buffer.alloc(RATE_SOURCE_KEY_SIZE);
  writeRateSourceKey({ source: { bytes: addresses.encode(row.source) }, proxy: row.proxy }, key);
  return { key, value: encodeBucket(row, nowNs) };
}

export function encodeTargetBucket(row: BucketRow | undefined, id: number, nowNs: bigint): Entry {
  return { key: u32Key(id), value: row ? encodeBucket(row, nowNs) : Buffer.alloc(RATE_BUCKET_SIZE) };
}

export function decodeSourceBucket(
  { key, value }: Entry,
  nowNs: bigint,
  addresses: AddressCodec,
): SourceBucketRow {
  const { source, proxy } = readRateSourceKey(key);
  return { proxy, source: addresses.decode(source.bytes), ...decodeBucket(value, nowNs) };
}

/** What a bucket owes, to the nearest epoch: engines with a clock of their own need time for a case. */
export function decodeBucket(value: Buffer, nowNs: bigint): BucketRow {
  const { startNs, spentNs, refused } = readRateBucket(value);
  const owedNs = BigInt.asIntN(64, startNs + spentNs - nowNs);
  const owedEpochs = owedNs <= 0n ? 0 : Number((owedNs + EPOCH_NS / 2n) / EPOCH_NS);
  return { owedEpochs, refused: Number(refused) };
}

/** What a proxy's counters say, summed over the CPUs whose values lie one after another. */
export function decodeRefused(values: Buffer): RefusedDelta {
  const sum = { source: 0, target: 0 };
  for (let at = 0; at < values.length; at += RATE_COUNTERS_SIZE) {
    sum.source += Number(values.readBigUInt64LE(at));
    sum.target += Number(values.readBigUInt64LE(at + 8));
  }
  return sum;
}

/** What was spent in all has no meaning of its own, so it is something odd. */
function encodeBucket({ owedEpochs, refused }: BucketRow, nowNs: bigint): Buffer {
  const value = Buffer.alloc(RATE_BUCKET_SIZE);
  const spentNs = 12_345n * EPOCH_NS + 7n;
  const startNs = BigInt.asUintN(64, nowNs + BigInt(owedEpochs) * EPOCH_NS - spentNs);
  writeRateBucket({ startNs, spentNs, refused: BigInt(refused), refusedNs: 0n }, value);
  return value;
}

function maskOf(bits: number): Buffer {
  const all = (1n << 128n) - (1n << BigInt(128 - bits));
  return Buffer.from(all.toString(16).padStart(32, '0'), 'hex');
}
