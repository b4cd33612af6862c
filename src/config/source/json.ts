import { MAX_DEPTH } from '../limits.ts';
import { type Cursor, peek, SourceSyntaxError, show, take } from './cursor.ts';
import type { ListNode, MapEntry, MapNode, ScalarNode, SourceNode, SourceTree } from './tree.ts';

/** Reads JSON (RFC 8259) and keeps where every key and value is. */
export function readJson(text: string): SourceTree {
  const cursor: Cursor = { text, offset: 0 };
  try {
    skipSpace(cursor);
    const root = readValue(cursor, 0);
    skipSpace(cursor);
    if (cursor.offset < text.length) throw unexpected(cursor, 'the end of the text');
    return { root, problems: [] };
  } catch (error) {
    if (!(error instanceof SourceSyntaxError)) throw error;
    return { root: undefined, problems: [{ offset: error.offset, message: error.message }] };
  }
}

function readValue(cursor: Cursor, depth: number): SourceNode {
  if (depth > MAX_DEPTH)
    throw new SourceSyntaxError(cursor.offset, `nested more than ${MAX_DEPTH} levels deep`);
  switch (peek(cursor)) {
    case '{':
      return readMap(cursor, depth);
    case '[':
      return readList(cursor, depth);
    case '"':
      return { kind: 'scalar', offset: cursor.offset, value: readString(cursor) };
    default:
      return readBare(cursor);
  }
}

function readMap(cursor: Cursor, depth: number): MapNode {
  const { offset } = cursor;
  const entries: MapEntry[] = [];
  readSequence(cursor, '}', () => {
    const keyOffset = cursor.offset;
    if (peek(cursor) !== '"') throw unexpected(cursor, 'a key in double quotes');
    const key = readString(cursor);
    skipSpace(cursor);
    expect(cursor, ':');
    skipSpace(cursor);
    entries.push({ key, written: key, keyOffset, value: readValue(cursor, depth + 1) });
  });
  return { kind: 'map', offset, entries };
}

function readList(cursor: Cursor, depth: number): ListNode {
  const { offset } = cursor;
  const items: SourceNode[] = [];
  readSequence(cursor, ']', () => items.push(readValue(cursor, depth + 1)));
  return { kind: 'list', offset, items };
}

/** Reads what stands between an opening bracket and `close`, separated by commas. */
function readSequence(cursor: Cursor, close: string, readOne: () => void): void {
  cursor.offset += 1;
  skipSpace(cursor);
  if (peek(cursor) === close) {
    cursor.offset += 1;
    return;
  }
  for (;;) {
    readOne();
    skipSpace(cursor);
    if (peek(cursor) === close) break;
    if (peek(cursor) !== ',') throw unexpected(cursor, `"," or "${close}"`);
    cursor.offset += 1;
    skipSpace(cursor);
    if (peek(cursor) === close) throw unexpected(cursor, 'a value; JSON allows no comma at the end');
  }
  cursor.offset += 1;
}

/** A string body up to its closing quote; control characters are not allowed in it. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them unescaped
const stringPattern = () => /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

function readString(cursor: Cursor): string {
  const start = cursor.offset;
  const literal = take(cursor, stringPattern());
  if (literal === '') throw new SourceSyntaxError(start, 'a string that has no end, or a wrong escape in it');
  const value: unknown = JSON.parse(literal);
  return String(value);
}

function readBare(cursor: Cursor): ScalarNode {
  const { offset } = cursor;
  const word = take(cursor, /[-+.\w]+/y);
  if (word === 'true' || word === 'false') return { kind: 'scalar', offset, value: word === 'true' };
  if (word === 'null') return { kind: 'scalar', offset, value: null };
  if (/^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(word)) {
    return { kind: 'scalar', offset, value: Number(word) };
  }
  if (word === '') throw unexpected(cursor, 'a value');
  const leadingZero = /^-?0\d+$/.test(word);
  throw new SourceSyntaxError(
    offset,
    leadingZero ? `found ${word}, but JSON numbers have no leading zero` : `found ${word}, expected a value`,
  );
}

function skipSpace(cursor: Cursor): void {
  take(cursor, /[ \t\r\n]*/y);
}

function expect(cursor: Cursor, character: string): void {
  if (peek(cursor) !== character) throw unexpected(cursor, `"${character}"`);
  cursor.offset += 1;
}

function unexpected(cursor: Cursor, expected: string): SourceSyntaxError {
  const found = peek(cursor);
  const comment = found === '/' || found === '#' ? '; JSON has no comments' : '';
  return new SourceSyntaxError(cursor.offset, `found ${show(found)}, expected ${expected}${comment}`);
}
