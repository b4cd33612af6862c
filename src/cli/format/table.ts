import Table from 'cli-table3';
import { columnsWithRoom } from './room.ts';
import type { Style } from './style.ts';

/** One column of a table. */
export interface Column {
  readonly title: string;
  /** Numbers go right. */
  readonly align?: 'left' | 'right';
  /** Columns with a larger number go first when the terminal is narrow; those without one stay. */
  readonly dispensable?: number;
}

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const;

/**
 * A table without borders: a heading, then one line a row, each line ended. Where it is wider than the style's terminal, columns
 * are left out that may be, and a last line names them.
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  style: Style,
): string {
  const shown = columnsWithRoom(columns, rows, style.width);
  const kept = columns.filter((column) => shown.has(column));
  const table = new Table({
    head: kept.map((column) => style.heading(column.title)),
    colAligns: kept.map((column) => column.align ?? 'left'),
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  for (const row of rows) table.push(row.filter((_, index) => shown.has(columns[index])));
  const lines = table.toString().split('\n');
  const missing = columns.filter((column) => !shown.has(column)).map(({ title }) => title);
  const note = missing.length === 0 ? '' : `${style.faint(`no room for ${missing.join(', ')}`)}\n`;
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n${note}`;
}

/** Name and value in two columns, without a heading. */
export function formatPairs(pairs: readonly (readonly [string, string])[], style: Style): string {
  const width = Math.max(0, ...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${style.faint(name.padEnd(width))}  ${value}\n`).join('');
}
