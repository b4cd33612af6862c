import { type Cursor, peek, SourceSyntaxError, show, take } from '../source/cursor.ts';
import { readCharacter, readString } from './strings.ts';
import type { EdnAtom } from './value.ts';

const INTEGER = /^[-+]?(0|[1-9]\d*)N?$/;
const FLOAT = /^[-+]?(0|[1-9]\d*)(\.\d*)?([eE][-+]?\d+)?M?$/;
const HEXADECIMAL = /^[-+]?0[xX][\da-fA-F]+$/;
const NAME = /^(?:\/|[^\d/:][^/]*(?:\/[^/]+)?)$/;

/** Reads a string, character, number, keyword, symbol, true, false or nil. */
export function readAtom(cursor: Cursor): EdnAtom {
  const { offset } = cursor;
  switch (peek(cursor)) {
    case '"':
      return { kind: 'string', offset, value: readString(cursor) };
    case '\\':
      return { kind: 'char', offset, value: readCharacter(cursor) };
  }
  const token = take(cursor, /[^\s,;()[\]{}"\\^`~@]+/y);
  if (token === '') throw new SourceSyntaxError(offset, `found ${show(peek(cursor))}, expected a value`);
  if (/^[-+]?\d/.test(token)) return { kind: 'number', offset, value: numberOf(token, offset) };
  if (token.startsWith(':')) return { kind: 'keyword', offset, name: nameOf(token.slice(1), token, offset) };
  if (token === 'nil') return { kind: 'nil', offset };
  if (token === 'true' || token === 'false') return { kind: 'boolean', offset, value: token === 'true' };
  return { kind: 'symbol', offset, name: nameOf(token, token, offset) };
}

function nameOf(name: string, token: string, offset: number): string {
  if (NAME.test(name) && !name.startsWith('#') && !name.includes("'")) return name;
  throw new SourceSyntaxError(offset, `found ${token}, which is neither a keyword nor a symbol`);
}

function numberOf(token: string, offset: number): number {
  if (INTEGER.test(token) || FLOAT.test(token)) return Number(token.replace(/[NM]$/, ''));
  if (HEXADECIMAL.test(token)) {
    const magnitude = Number(token.replace(/^[-+]/, ''));
    return token.startsWith('-') ? -magnitude : magnitude;
  }
  throw new SourceSyntaxError(offset, `found ${token}, ${whyNotANumber(token)}`);
}

function whyNotANumber(token: string): string {
  if (/^[-+]?0\d+$/.test(token)) return 'which EDN takes for octal; expected a number without leading zero';
  if (/^[-+]?\d+\/\d+$/.test(token)) return 'a ratio, expected a whole number';
  return 'which is not a number; a text needs double quotes';
}
