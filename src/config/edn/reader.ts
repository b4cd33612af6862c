import { MAX_DEPTH } from '../limits.ts';
import { type Cursor, peek, SourceSyntaxError, show } from '../source/cursor.ts';
import { readAtom } from './atoms.ts';
import { skipBlank } from './blank.ts';
import type { EdnMap, EdnValue } from './value.ts';

/**
 * Reads one EDN value (https://github.com/edn-format/edn); nothing but blanks may follow it. Sets may hold equal
 * items, maps equal keys. Tagged literals, ratios and numbers in other bases are refused.
 * @returns undefined when the text is blank.
 * @throws SourceSyntaxError with the offset of what is wrong.
 */
export function readEdn(text: string): EdnValue | undefined {
  const cursor: Cursor = { text, offset: 0 };
  skipBlanks(cursor, 0);
  if (cursor.offset >= text.length) return undefined;
  const value = readValue(cursor, 0);
  skipBlanks(cursor, 0);
  if (cursor.offset < text.length) {
    throw new SourceSyntaxError(
      cursor.offset,
      `found ${show(peek(cursor))} after the end of the value; a bracket may close too early`,
    );
  }
  return value;
}

function readValue(cursor: Cursor, depth: number): EdnValue {
  const { offset } = cursor;
  if (depth > MAX_DEPTH) throw new SourceSyntaxError(offset, `nested more than ${MAX_DEPTH} levels deep`);
  switch (peek(cursor)) {
    case '[':
      return { kind: 'vector', offset, items: readItems(cursor, ']', depth) };
    case '(':
      return { kind: 'list', offset, items: readItems(cursor, ')', depth) };
    case '{':
      return readMap(cursor, depth);
    case '#':
      return readDispatch(cursor, depth);
    default:
      return readAtom(cursor);
  }
}

/** Reads what begins with `#`: a set; discards are blanks and tags are refused. */
function readDispatch(cursor: Cursor, depth: number): EdnValue {
  const { offset } = cursor;
  if (peek(cursor, 1) !== '{') {
    throw new SourceSyntaxError(offset, 'found a tagged literal (#), which a configuration does not use');
  }
  cursor.offset += 1;
  return { kind: 'set', offset, items: readItems(cursor, '}', depth) };
}

function readMap(cursor: Cursor, depth: number): EdnMap {
  const { offset } = cursor;
  const items = readItems(cursor, '}', depth);
  const last = items.at(-1);
  if (items.length % 2 === 1 && last !== undefined) {
    throw new SourceSyntaxError(
      last.offset,
      'found a key without a value: a map has an even number of forms',
    );
  }
  const entries: { key: EdnValue; value: EdnValue }[] = [];
  for (let index = 0; index < items.length; index += 2) {
    const [key, value] = items.slice(index, index + 2);
    if (key !== undefined && value !== undefined) entries.push({ key, value });
  }
  return { kind: 'map', offset, entries };
}

/** Reads values up to the bracket `close`. The cursor stands on the opening one. */
function readItems(cursor: Cursor, close: string, depth: number): readonly EdnValue[] {
  const { offset } = cursor;
  cursor.offset += 1;
  const items: EdnValue[] = [];
  for (;;) {
    skipBlanks(cursor, depth + 1);
    const next = peek(cursor);
    if (next === close) break;
    if (next === '') throw new SourceSyntaxError(offset, `found no "${close}" that closes this bracket`);
    if (next === ']' || next === '}' || next === ')') {
      throw new SourceSyntaxError(cursor.offset, `found "${next}", expected "${close}"`);
    }
    items.push(readValue(cursor, depth + 1));
  }
  cursor.offset += 1;
  return items;
}

/** Skips white space, commas, comments and discarded values (`#_ value`). */
function skipBlanks(cursor: Cursor, depth: number): void {
  skipBlank(cursor);
  while (peek(cursor) === '#' && peek(cursor, 1) === '_') {
    discard(cursor, depth);
    skipBlank(cursor);
  }
}

function discard(cursor: Cursor, depth: number): void {
  const { offset } = cursor;
  cursor.offset += 2;
  if (depth > MAX_DEPTH) throw new SourceSyntaxError(offset, `nested more than ${MAX_DEPTH} levels deep`);
  skipBlanks(cursor, depth + 1);
  if (cursor.offset >= cursor.text.length)
    throw new SourceSyntaxError(offset, 'found nothing that #_ discards');
  readValue(cursor, depth + 1);
}
