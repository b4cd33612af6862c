import stringWidth from 'string-width';
import type { Column } from './table.ts';

const GAP = 2;

/** The columns of a table for which a line of so many letters has room: the most dispensable go first. */
export function columnsWithRoom(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): ReadonlySet<Column | undefined> {
  const shown = new Set<Column | undefined>(columns);
  const widths = columns.map(({ title }, index) =>
    Math.max(...[title, ...rows.map((row) => row[index] ?? '')].map((text) => stringWidth(text))),
  );
  let needed = widths.reduce((sum, each) => sum + each + GAP, -GAP);
  const dispensable = columns
    .map((column, index) => ({ column, width: widths[index] ?? 0 }))
    .filter(({ column }) => column.dispensable !== undefined)
    .sort((a, b) => (b.column.dispensable ?? 0) - (a.column.dispensable ?? 0));
  for (const { column, width: own } of dispensable) {
    if (needed <= width) break;
    shown.delete(column);
    needed -= own + GAP;
  }
  return shown;
}
