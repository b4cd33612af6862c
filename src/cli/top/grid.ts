import { cut, type Line, pad, piece, widthOf } from './text.ts';

/** A column of a grid. */
export interface GridColumn<Row> {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** Columns with a larger number go first when the terminal is narrow; 0 stays, and is cut. */
  readonly dispensable: number;
  readonly cell: (row: Row) => Line;
}

/** A grid that fits a terminal: its heading, and a line for each row. */
export interface Grid {
  readonly heading: Line;
  readonly lines: readonly Line[];
}

const GAP = '  ';
/** What is left of the columns that stay. */
const LEAST_WIDTH = 10;

/**
 * Lays rows out in columns as wide as what is in them. Where they are wider than the terminal, columns that can be spared are
 * left out, then the ones that stay are cut.
 */
export function layOut<Row>(
  columns: readonly GridColumn<Row>[],
  rows: readonly Row[],
  terminalWidth: number,
): Grid {
  const measured = columns.map((column) => {
    const cells = rows.map(column.cell);
    const width = Math.max(column.title.length, ...cells.map(widthOf));
    return { column, cells, width };
  });
  const shown = spare(measured, terminalWidth);
  const excess = Math.max(0, totalWidth(shown) - terminalWidth);
  const fitted = shown.map((each) =>
    each.column.dispensable === 0 ? { ...each, width: Math.max(LEAST_WIDTH, each.width - excess) } : each,
  );
  const lineOf = (cells: readonly Line[]) =>
    cells.flatMap((cell, index) => {
      const { width = 0, column } = fitted[index] ?? {};
      const isLast = index === fitted.length - 1 && column?.align === 'left';
      const text = isLast ? cut(cell, width) : pad(cell, width, column?.align ?? 'left');
      return index === 0 ? text : [piece(GAP), ...text];
    });
  return {
    heading: lineOf(fitted.map(({ column }) => [piece(column.title, 'heading')])),
    lines: rows.map((_, row) => lineOf(fitted.map(({ cells }) => cells[row] ?? []))),
  };
}

interface Measured<Row> {
  readonly column: GridColumn<Row>;
  readonly cells: readonly Line[];
  readonly width: number;
}

function spare<Row>(columns: readonly Measured<Row>[], terminalWidth: number): readonly Measured<Row>[] {
  let shown = columns;
  while (totalWidth(shown) > terminalWidth) {
    const most = Math.max(...shown.map(({ column }) => column.dispensable));
    if (most === 0) return shown;
    shown = shown.filter(({ column }) => column.dispensable < most);
  }
  return shown;
}

function totalWidth(columns: readonly { readonly width: number }[]): number {
  return columns.reduce((sum, { width }) => sum + width, (columns.length - 1) * GAP.length);
}
