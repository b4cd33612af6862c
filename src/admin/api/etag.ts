import type { Context } from 'hono';
import { SluiceError } from '../../errors/index.ts';

/**
 * Says which state of a thing an answer shows, as a strong ETag. With `middleware: etag()` (of `hono/etag`) on the route,
 * `If-None-Match` is answered by 304.
 * @param hash of the state: hexadecimal, e.g. the hash of the configuration
 */
export function showState(context: Context, hash: string): void {
  context.header('ETag', `"${hash}"`);
}

/**
 * Keeps a change from going ahead that was made up for another state (`If-Match`, RFC 9110). Weak tags match nothing.
 * @param hash of the state that is in force
 * @throws SluiceError `precondition_failed`
 */
export function mustMatchState(context: Context, hash: string): void {
  const wanted = context.req.header('if-match');
  if (wanted === undefined || wanted.trim() === '*') return;
  const tags = wanted.split(',').map((tag) => tag.trim());
  if (tags.includes(`"${hash}"`)) return;
  throw new SluiceError(
    'precondition_failed',
    `this was meant for the state ${wanted}, and it is "${hash}" now`,
    {
      fix: 'read it again, and decide anew',
    },
  );
}
