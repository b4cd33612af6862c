import { type Cursor, take } from '../source/cursor.ts';

/** Skips white space, commas and comments. */
export function skipBlank(cursor: Cursor): void {
  take(cursor, /(?:[\s,]|;[^\r\n]*)*/y);
}
