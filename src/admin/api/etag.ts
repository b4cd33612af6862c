import type { Context } from 'hono';

/**
 * Says which state of a thing an answer shows, as a strong ETag. With `middleware: etag()` (of `hono/etag`) on the route,
 * `If-None-Match` is answered by 304.
 * @param hash of the state: hexadecimal, e.g. the hash of the configuration
 */
export function showState(context: Context, hash: string): void {
  context.header('ETag', `"${hash}"`);
}

/**
 * The states that a change was made up for (`If-Match`, RFC 9110); undefined when any will do. Weak tags match nothing. What
 * changes the state compares them when it is its turn.
 */
export function wantedStates(context: Context): readonly string[] | undefined {
  const wanted = context.req.header('if-match');
  if (wanted === undefined || wanted.trim() === '*') return undefined;
  const tags = wanted.split(',').map((tag) => tag.trim());
  return tags.flatMap((tag) => /^"(.*)"$/.exec(tag)?.[1] ?? []);
}
