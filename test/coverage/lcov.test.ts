import { describe, expect, it } from 'vitest';
import { parseLcov, percent } from './lcov.ts';
import { coverageTable } from './table.ts';

const LCOV = `SF:b.h
FN:1,f
DA:1,5
DA:2,0
DA:3,0
DA:4,0
DA:9,0
DA:10,1
end_of_record
SF:empty.h
LF:0
end_of_record
SF:a.h
DA:1,1
DA:2,18446744073709551615
end_of_record
`;

describe('a coverage report', () => {
  it('tells what share of the lines ran, and which did not', () => {
    const files = parseLcov(LCOV);
    expect(files).toEqual([
      { file: 'b.h', lines: 6, missed: [2, 3, 4, 9] },
      { file: 'a.h', lines: 2, missed: [] },
    ]);
    expect(percent(files)).toBe(50);
    expect(coverageTable(files).split('\n')).toEqual([
      'file                 percent  lines  never ran',
      'a.h                    100.0      2',
      'b.h                     33.3      6  2-4, 9',
      'all                     50.0      8',
    ]);
  });

  it('of no lines is full', () => {
    expect(percent([])).toBe(100);
  });
});
