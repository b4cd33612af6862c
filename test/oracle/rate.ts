/**
 * Limits: a bucket holds as many tokens as the burst, a flow takes one, and one comes back in every interval. What is
 * kept is what the bucket lacks, in epochs of time, and when that was noted.
 */
import type { BucketRow, RuleRow, SourceBucketRow, SourceLimitRow } from '../engines/index.ts';
import { addressHex, addressText } from './address.ts';
import type { Context } from './context.ts';

/** Intervals beyond the burst that a bucket may lack because of CPUs that met in it; more comes of another rule. */
const OVERDRAFT = 16;

/** What a bucket lacks, at an epoch. */
export interface Bucket {
  lacks: number;
  noted: number;
  refused: number;
}

/** Limits and buckets. */
export interface Rates {
  /** By proxy. */
  readonly limits: ReadonlyMap<number, SourceLimitRow>;
  /** By {@link sourceKey}. */
  readonly sources: Map<string, { readonly proxy: number; readonly source: string; readonly bucket: Bucket }>;
  /** By target. */
  readonly targets: Map<number, Bucket>;
}

export function bucketOf({ owedEpochs, refused }: BucketRow, now: number): Bucket {
  return { lacks: owedEpochs, noted: now, refused };
}

export function bucketRow(bucket: Bucket, now: number): BucketRow {
  return { owedEpochs: Math.max(0, bucket.lacks - (now - bucket.noted)), refused: bucket.refused };
}

/** Text by which buckets of sources are found. */
export function sourceKey(proxy: number, source: string): string {
  return `${proxy} ${source}`;
}

/** Takes a token, if there is one. */
function take(bucket: Bucket, { everyEpochs, burst }: RuleRow, now: number): boolean {
  const full = burst * everyEpochs;
  let lacks = Math.max(0, bucket.lacks - (now - bucket.noted));
  if (lacks > full - everyEpochs + OVERDRAFT * everyEpochs) lacks = full;
  const hasToken = full - lacks >= everyEpochs;
  bucket.lacks = lacks + (hasToken ? everyEpochs : 0);
  bucket.noted = now;
  return hasToken;
}

/** Whether a client may open another flow at a proxy; takes its token. */
export function admitsSource({ tables, now, refused }: Context, proxy: number, client: string): boolean {
  const limit = tables.rates.limits.get(proxy);
  if (!limit) return true;
  const source = withoutLastBits(client, limit);
  const key = sourceKey(proxy, source);
  const known = tables.rates.sources.get(key) ?? {
    proxy,
    source,
    bucket: { lacks: 0, noted: now, refused: 0 },
  };
  tables.rates.sources.set(key, known);
  if (take(known.bucket, limit, now)) return true;
  known.bucket.refused += 1;
  refused.set(proxy, { source: (refused.get(proxy)?.source ?? 0) + 1, target: 0 });
  return false;
}

/** Whether a target takes another flow; takes its token. */
export function targetHasRoom({ tables, now }: Context, id: number): boolean {
  const limit = tables.targets[id]?.limit;
  if (!limit) return true;
  const bucket = tables.rates.targets.get(id) ?? { lacks: 0, noted: now, refused: 0 };
  tables.rates.targets.set(id, bucket);
  return take(bucket, limit, now);
}

/** Counts a flow that a target could not take. */
export function noteRefusal({ tables }: Context, id: number): void {
  const bucket = tables.rates.targets.get(id);
  if (bucket) bucket.refused += 1;
}

/** Rows of the buckets of sources. */
export function sourceBucketRows({ sources }: Rates, now: number): readonly SourceBucketRow[] {
  return [...sources.values()].map(({ proxy, source, bucket }) => ({
    proxy,
    source: addressText(source),
    ...bucketRow(bucket, now),
  }));
}

/** Rows of the buckets of targets that lack or refused something. */
export function targetBucketRows({ targets }: Rates, now: number): Readonly<Record<number, BucketRow>> {
  const rows = [...targets].map(([id, bucket]) => [id, bucketRow(bucket, now)] as const);
  return Object.fromEntries(rows.filter(([, row]) => row.owedEpochs > 0 || row.refused > 0));
}

/** An address in hexadecimal digits, with the bits zero that do not make the source. */
function withoutLastBits(client: string, { bitsV4 = 32, bitsV6 = 64 }: SourceLimitRow): string {
  const kept = client.length === 8 ? bitsV4 : bitsV6;
  const all = client.length * 4;
  const cleared = (BigInt(`0x${client}`) >> BigInt(all - kept)) << BigInt(all - kept);
  return cleared.toString(16).padStart(client.length, '0');
}

/** Fills the buckets from rows. */
export function loadSources(rows: readonly SourceBucketRow[], now: number): Rates['sources'] {
  return new Map(
    rows.map(({ proxy, source, ...row }) => {
      const hex = addressHex(source);
      return [sourceKey(proxy, hex), { proxy, source: hex, bucket: bucketOf(row, now) }];
    }),
  );
}
