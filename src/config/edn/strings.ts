import { type Cursor, peek, SourceSyntaxError, show, take } from '../source/cursor.ts';

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['t', '\t'],
  ['r', '\r'],
  ['n', '\n'],
  ['b', '\b'],
  ['f', '\f'],
  ['"', '"'],
  ['\\', '\\'],
]);

const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ['newline', '\n'],
  ['return', '\r'],
  ['space', ' '],
  ['tab', '\t'],
  ['backspace', '\b'],
  ['formfeed', '\f'],
]);

/** Reads a string; the cursor stands on its opening quote. Strings may span lines. */
export function readString(cursor: Cursor): string {
  const start = cursor.offset;
  cursor.offset += 1;
  let value = '';
  for (;;) {
    value += take(cursor, /[^"\\]*/y);
    const next = peek(cursor);
    if (next === '') throw new SourceSyntaxError(start, 'found a string that has no end');
    if (next === '"') break;
    value += readEscape(cursor);
  }
  cursor.offset += 1;
  return value;
}

function readEscape(cursor: Cursor): string {
  const { offset } = cursor;
  const code = take(cursor, /\\u[\da-fA-F]{4}/y);
  if (code !== '') return String.fromCharCode(Number.parseInt(code.slice(2), 16));
  const character = ESCAPES.get(peek(cursor, 1));
  if (character === undefined) {
    throw new SourceSyntaxError(
      offset,
      `found \\${peek(cursor, 1)}, expected one of \\t \\r \\n \\b \\f \\" \\\\ \\uXXXX`,
    );
  }
  cursor.offset += 2;
  return character;
}

/** Reads a character: `\a`, `\newline`, `\u0041`; the cursor stands on its backslash. */
export function readCharacter(cursor: Cursor): string {
  const { offset } = cursor;
  cursor.offset += 1;
  const name = take(cursor, /[A-Za-z\d]+|\S/uy);
  if ([...name].length === 1) return name;
  if (/^u[\da-fA-F]{4}$/.test(name)) return String.fromCharCode(Number.parseInt(name.slice(1), 16));
  const character = CHARACTERS.get(name);
  if (character !== undefined) return character;
  throw new SourceSyntaxError(
    offset,
    `found \\${name === '' ? show(peek(cursor)) : name}, expected a character`,
  );
}
