import { z } from '@hono/zod-openapi';
import type { ListFilter } from '../../report/index.ts';

/** Rows of a list when the request does not say how many. */
export const DEFAULT_LIMIT = 1_000;
/** Most rows that one answer has: about 30 MB of JSON for flows. */
export const MAX_LIMIT = 100_000;
const MAX_OFFSET = 999_999_999;
const MAX_WORD = 256;

/** A word of a query. */
export function word(description: string) {
  return z.string().min(1).max(MAX_WORD).optional().describe(description);
}

/** A whole number of a query. */
function count(max: number, preset: number) {
  const error = `expected a whole number from 0 to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, { error })
    .transform(Number)
    .refine((value) => value <= max, { error })
    .default(preset)
    .openapi({ type: 'integer', minimum: 0, maximum: max, default: preset });
}

/**
 * The query of a list: `limit` and `offset` page it, and every list of things of proxies knows `proxy`.
 * @param words other filters, see {@link word}
 */
export function listQuery<Words extends Readonly<Record<string, z.ZodType>>>(words: Words) {
  const names = ['proxy', ...Object.keys(words), 'offset'];
  return z
    .strictObject({
      proxy: word('Only what belongs to the proxy of this name.'),
      ...words,
      limit: count(MAX_LIMIT, DEFAULT_LIMIT).describe('Most rows to answer.'),
      offset: count(MAX_OFFSET, 0).describe('Rows to leave out first.'),
    })
    .describe(`use ${names.join(', ')}, and limit from 0 to ${MAX_LIMIT}`);
}

/** The rows of a list that a query asks for, and how many there are without `limit` and `offset`. */
export function pageOf<Row extends { readonly proxy: string }>(
  rows: readonly Row[],
  query: ListFilter,
): { readonly total: number; readonly rows: readonly Row[] } {
  return slice(
    rows.filter(({ proxy }) => query.proxy === undefined || proxy === query.proxy),
    query,
  );
}

/** The same for rows that the query's `proxy` has been applied to. */
export function slice<Row>(
  rows: readonly Row[],
  { limit = DEFAULT_LIMIT, offset = 0 }: ListFilter,
): { readonly total: number; readonly rows: readonly Row[] } {
  return { total: rows.length, rows: rows.slice(offset, offset + limit) };
}

/** How many rows a list has in all. */
export function totalOfList() {
  return z.int().min(0).describe('Rows that match, also those that `limit` and `offset` leave out.');
}

/** The proxy of a path. */
export const proxyParameter = z.object({
  proxy: z.string().describe('Name of the proxy, percent-encoded.'),
});

/** A target of a path. */
export const targetParameters = proxyParameter.extend({
  target: z.string().describe('The target: `ip:port`, or `[ip]:port` for IPv6, percent-encoded.'),
});

/** Path of something of a target below `/v1/PREFIX`; names may hold any character. */
export function targetPath(prefix: string, proxy: string, target: string): string {
  return `/v1/${prefix}/${encodeURIComponent(proxy)}/${encodeURIComponent(target)}`;
}
