import { type Cursor, peek, take } from './cursor.ts';
import type { ListNode, MapEntry, MapNode, ScalarNode, SourceNode } from './tree.ts';

/**
 * Reads the part of YAML in which configurations are written nearly always, twenty times as fast as a reader of all of YAML: maps and
 * lists by indentation, `{...}` and `[...]` within a line, words, addresses, whole numbers, quoted strings without escapes,
 * comments. Undefined for any other text, also for a faulty one: the other reader has the word then. What this one reads, both
 * read alike, to the place of each value; a test holds them against each other.
 */
export function readPlainYaml(text: string): SourceNode | undefined {
  if (OTHER_CHARACTER.test(text)) return undefined;
  const cursor: Cursor = { text, offset: 0 };
  try {
    const indent = nextLine(cursor);
    const root = readBlock(cursor, indent, 0);
    return cursor.offset === text.length ? root : undefined;
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
}

/** The text is YAML of another kind, or none. */
class NotPlain extends Error {}

/** No tabs, no other line ends, nothing that a reader might take for space. */
const OTHER_CHARACTER = /[^\n\x20-\x7e\xa1-\u1fff]/;
const MAX_DEPTH = 32;

/** Steps over blank lines and comments to the next value; at the beginning of a line. Returns how far it is indented. */
function nextLine(cursor: Cursor): number {
  take(cursor, /(?: *(?:#.*)?\n)*/y);
  const { length } = take(cursor, / */y);
  if (peek(cursor) === '#') take(cursor, /.*/y);
  return peek(cursor) === '' ? -1 : length;
}

/** A map or list whose keys or dashes stand in column `indent`, where the cursor is. */
function readBlock(cursor: Cursor, indent: number, depth: number): SourceNode {
  if (depth > MAX_DEPTH) throw new NotPlain();
  return isDash(cursor) ? readBlockList(cursor, indent, depth) : readBlockMap(cursor, indent, depth);
}

function isDash(cursor: Cursor): boolean {
  return peek(cursor) === '-' && peek(cursor, 1) === ' ';
}

function readBlockList(cursor: Cursor, indent: number, depth: number): ListNode {
  const { offset } = cursor;
  const items: SourceNode[] = [];
  do {
    const { length } = take(cursor, /- +/y);
    const isMap = KEY.test(cursor.text.slice(cursor.offset, cursor.offset + LONGEST_KEY));
    if (isMap) items.push(readBlockMap(cursor, indent + length, depth + 1));
    else items.push(readLineEnd(cursor, readInline(cursor, depth + 1)));
  } while (isAt(cursor, indent) && isDash(cursor));
  return { kind: 'list', offset, items };
}

function readBlockMap(cursor: Cursor, indent: number, depth: number): MapNode {
  const { offset } = cursor;
  const entries: MapEntry[] = [];
  do {
    const keyOffset = cursor.offset;
    const key = readKey(cursor);
    const value = readBlockValue(cursor, indent, depth);
    entries.push({ key, written: key, keyOffset, value });
  } while (isAt(cursor, indent) && !isDash(cursor));
  return { kind: 'map', offset, entries };
}

/** The value of a key in column `indent`: in its line, or below. */
function readBlockValue(cursor: Cursor, indent: number, depth: number): SourceNode {
  take(cursor, / +/y);
  if (take(cursor, /(?:#.*)?\n/y) === '') return readLineEnd(cursor, readInline(cursor, depth + 1));
  const below = nextLine(cursor);
  // Dashes may stand right below the key of their list.
  if (below < indent || (below === indent && !isDash(cursor))) throw new NotPlain();
  return readBlock(cursor, below, depth + 1);
}

/**
 * Whether the cursor is at a value in column `indent`, which {@link readLineEnd} has led it to. One that is further in belongs to
 * nothing that was begun; one that is further out is for who has begun it.
 */
function isAt(cursor: Cursor, indent: number): boolean {
  const column = cursor.offset - (cursor.text.lastIndexOf('\n', cursor.offset - 1) + 1);
  if (peek(cursor) === '' || column < indent) return false;
  if (column > indent) throw new NotPlain();
  return true;
}

/** What may follow a value in its line is a comment. Goes on to the next value. */
function readLineEnd<Node extends SourceNode>(cursor: Cursor, node: Node): Node {
  take(cursor, /(?: +#.*| +)/y);
  if (take(cursor, /\n/y) === '' && peek(cursor) !== '') throw new NotPlain();
  nextLine(cursor);
  return node;
}

const KEY = /^[A-Za-z_][\w.-]*:(?=[ \n])/;
const LONGEST_KEY = 128;

function readKey(cursor: Cursor): string {
  const key = take(cursor, /[A-Za-z_][\w.-]*:(?=[ \n])/y).slice(0, -1);
  if (key === '' || key.length >= LONGEST_KEY) throw new NotPlain();
  return key;
}

/** A value that ends in its line. */
function readInline(cursor: Cursor, depth: number): SourceNode {
  if (depth > MAX_DEPTH) throw new NotPlain();
  switch (peek(cursor)) {
    case '{':
      return readFlowMap(cursor, depth);
    case '[':
      return readFlowList(cursor, depth);
    case '"':
      return readQuoted(cursor, /"[^"\\\n]*"/y);
    case "'":
      return readQuoted(cursor, /'[^'\n]*'/y);
    default:
      return readWord(cursor);
  }
}

function readFlowMap(cursor: Cursor, depth: number): MapNode {
  const { offset } = cursor;
  const entries: MapEntry[] = [];
  readFlow(cursor, '}', () => {
    const keyOffset = cursor.offset;
    const key = readKey(cursor);
    take(cursor, / +/y);
    entries.push({ key, written: key, keyOffset, value: readInline(cursor, depth + 1) });
  });
  return { kind: 'map', offset, entries };
}

function readFlowList(cursor: Cursor, depth: number): ListNode {
  const { offset } = cursor;
  const items: SourceNode[] = [];
  readFlow(cursor, ']', () => items.push(readInline(cursor, depth + 1)));
  return { kind: 'list', offset, items };
}

/** What stands between an opening bracket and `close`, separated by commas. */
function readFlow(cursor: Cursor, close: string, readOne: () => void): void {
  cursor.offset += 1;
  take(cursor, / */y);
  if (peek(cursor) !== close) {
    do {
      take(cursor, / */y);
      readOne();
      take(cursor, / */y);
    } while (take(cursor, /,/y) !== '');
  }
  if (peek(cursor) !== close) throw new NotPlain();
  cursor.offset += 1;
}

function readQuoted(cursor: Cursor, pattern: RegExp): ScalarNode {
  const { offset } = cursor;
  const quoted = take(cursor, pattern);
  if (quoted === '') throw new NotPlain();
  return { kind: 'scalar', offset, value: quoted.slice(1, -1) };
}

/** Words that the core schema of YAML 1.2 takes for something else than a text. */
const TRUE = /^(?:true|True|TRUE)$/;
const FALSE = /^(?:false|False|FALSE)$/;
const NULL = /^(?:null|Null|NULL)$/;
const WHOLE_NUMBER = /^(?:0|[1-9]\d{0,14})$/;
/** Any other number: hexadecimal, octal, with leading zeros, fractions, exponents. */
const OTHER_NUMBER = /^(?:0o[0-7]+|0x[0-9a-fA-F]+|\d+|\d+\.\d*|\d+(?:\.\d*)?[eE][-+]?\d+)$/;

function readWord(cursor: Cursor): ScalarNode {
  const { offset } = cursor;
  const word = take(cursor, /[A-Za-z0-9_/](?:[\w./+-]|:(?=[\w:/]))*/y);
  if (word === '' || peek(cursor) === ':' || isOtherNumber(word)) throw new NotPlain();
  return { kind: 'scalar', offset, value: meaningOf(word) };
}

function isOtherNumber(word: string): boolean {
  return OTHER_NUMBER.test(word) && !WHOLE_NUMBER.test(word);
}

function meaningOf(word: string): ScalarNode['value'] {
  if (WHOLE_NUMBER.test(word)) return Number(word);
  if (TRUE.test(word)) return true;
  if (FALSE.test(word)) return false;
  return NULL.test(word) ? null : word;
}
