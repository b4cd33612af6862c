import { describe, expect, it } from 'vitest';
import { styleFor } from './style.ts';
import { type Column, formatTable } from './table.ts';

const columns: readonly Column[] = [
  { title: 'TARGET' },
  { title: 'ALGORITHM', dispensable: 1 },
  { title: 'LOAD', align: 'right', dispensable: 2 },
  { title: 'SHARE', align: 'right' },
];
const rows = [['10.0.0.1:8080', 'weighted-random', 'x1', '50%']];

/** The table on a terminal of this width, or in a pipe. */
function table(width?: number): string[] {
  const style = styleFor({ write: () => {}, isTTY: width !== undefined, columns: width }, { NO_COLOR: '1' });
  return formatTable(columns, rows, style).trimEnd().split('\n');
}

describe('a table', () => {
  it('has all columns in a pipe, and on a terminal that does not tell its width', () => {
    const all = [
      'TARGET         ALGORITHM        LOAD  SHARE',
      '10.0.0.1:8080  weighted-random    x1    50%',
    ];
    expect(table()).toEqual(all);
    expect(table(0)).toEqual(all);
    expect(table(43)).toEqual(all);
  });

  it('leaves out on a narrow terminal what it can do without, as little as needed, and says so', () => {
    expect(table(42)).toEqual([
      'TARGET         ALGORITHM        SHARE',
      '10.0.0.1:8080  weighted-random    50%',
      'no room for LOAD',
    ]);
    expect(table(36)).toEqual([
      'TARGET         SHARE',
      '10.0.0.1:8080    50%',
      'no room for ALGORITHM, LOAD',
    ]);
    expect(table(10)).toEqual(table(36));
  });
});
