/** Limits as choices, and where their buckets stand. */
import fc from 'fast-check';
import type { BucketRow, RuleRow, SourceBucketRow, SourceLimitRow } from '../../engines/index.ts';
import { STAGES } from './stage.ts';

/** A limit, or none, and what its buckets owe, in intervals. */
export interface LimitChoice {
  readonly rule: RuleRow;
  readonly owed: readonly number[];
  readonly bitsV4: number;
  readonly bitsV6: number;
}

/** Choices of a limit. Intervals that pass within a case, and such that do not. */
export function limitArbitrary(): fc.Arbitrary<LimitChoice | null> {
  const limit = fc.record({
    rule: fc.record({
      everyEpochs: fc.constantFrom(1, 2, 3, 1000),
      burst: fc.constantFrom(1, 1, 2, 3),
    }),
    owed: fc.array(fc.constantFrom(0, 1, 2, 15, 16, 17, 18, 19, 40), { minLength: 3, maxLength: 3 }),
    bitsV4: fc.constantFrom(32, 24, 29, 8),
    bitsV6: fc.constantFrom(64, 128, 48, 20),
  });
  return fc.oneof({ weight: 7, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: limit });
}

/** What a proxy's sources may open. */
export function sourceLimitRow(proxy: number, { rule, bitsV4, bitsV6 }: LimitChoice): SourceLimitRow {
  return { proxy, ...rule, bitsV4, bitsV6 };
}

/** Buckets that sources of some clients have already: those whose address is its own source. */
export function sourceBucketRows(
  proxy: number,
  family: 'v4' | 'v6',
  { rule, owed, bitsV4, bitsV6 }: LimitChoice,
): readonly SourceBucketRow[] {
  const isWhole = family === 'v4' ? bitsV4 === 32 : bitsV6 === 128;
  return (isWhole ? STAGES[family].clients.slice(0, owed.length) : []).map((source, index) => ({
    proxy,
    source,
    ...bucketRow(rule, owed[index] ?? 0),
  }));
}

/** A bucket that owes so many intervals. */
export function bucketRow({ everyEpochs }: RuleRow, owed: number): BucketRow {
  return { owedEpochs: owed * everyEpochs, refused: 0 };
}
