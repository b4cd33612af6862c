import { z } from 'zod';
import type { BucketRow, RuleRow } from '../../engines/index.ts';
import { parseAddress } from './endpoint.ts';
import { notation } from './syntax.ts';

const count = z.number().int().min(0);

/** Limits of sources: `{proxy: 1, limit: BURST/EPOCHS, v4: 24, v6: 64}`. */
export const sourceLimits = z.array(
  z
    .strictObject({ proxy: count, limit: notation(parseRule), v4: count.optional(), v6: count.optional() })
    .transform(({ proxy, limit, v4, v6 }) => ({
      proxy,
      ...limit,
      ...(v4 === undefined ? {} : { bitsV4: v4 }),
      ...(v6 === undefined ? {} : { bitsV6: v6 }),
    })),
);

/** Buckets of sources: `{proxy: 1, source: 192.0.2.7, owes: EPOCHS, refused: 1}`. */
export const bucketRows = z.array(
  z
    .strictObject({ proxy: count, source: notation(parseAddress), owes: count, refused: count.default(0) })
    .transform(({ owes, ...row }) => ({ ...row, owedEpochs: owes })),
);

/** Buckets of targets, by id: `{0: {owes: EPOCHS, refused: 1}}`. */
export const targetBuckets = z.record(
  z.string().regex(/^\d+$/, 'expected the id of a target'),
  z
    .strictObject({ owes: count.default(0), refused: count.default(0) })
    .transform(({ owes, refused }): BucketRow => ({ owedEpochs: owes, refused })),
);

/** `3/1000`: three at once, and one more in a thousand epochs. */
export function parseRule(text: string): RuleRow {
  const match = /^(?<burst>\d+)\/(?<every>\d+)$/.exec(text);
  if (!match?.groups) throw new SyntaxError(`'${text}' is no limit: write BURST/EPOCHS`);
  return { burst: Number(match.groups.burst), everyEpochs: Number(match.groups.every) };
}

/** What a target's bucket owes, in epochs. */
export function parseBucket(text: string): BucketRow {
  return { owedEpochs: Number(text), refused: 0 };
}
