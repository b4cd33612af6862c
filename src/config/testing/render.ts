import { stringify } from 'yaml';
import { kebabCase } from '../report/words.ts';
import type { ConfigFormat } from '../source/formats.ts';

/** A value of a configuration before it is written in some format. */
export type Plain = string | number | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** Writes a value as a text of a format; keys are camelCase and become keywords in EDN. */
export function render(value: Plain, format: ConfigFormat): string {
  switch (format) {
    case 'json':
      return JSON.stringify(value, null, 2);
    case 'yaml':
      return stringify(value);
    case 'edn':
      return renderEdn(value);
  }
}

/** Maps with these keys have keys that are names, so they are written as strings. */
const FREE_KEYS = new Set(['attach']);

function renderEdn(value: Plain, keysAreNames = false): string {
  if (value === null) return 'nil';
  if (typeof value === 'string') return ednString(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map((item) => renderEdn(item)).join(' ')}]`;
  const entries = Object.entries(value).map(([key, item]) => {
    const name = keysAreNames ? ednString(key) : `:${kebabCase(key)}`;
    return `${name} ${renderEdn(item, FREE_KEYS.has(key))}`;
  });
  return `{${entries.join(', ')}}`;
}

/** A text as an EDN string. */
export function ednString(text: string): string {
  const escaped = text.replace(/["\\]/g, (character) => `\\${character}`);
  return `"${escaped.replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t')}"`;
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}
