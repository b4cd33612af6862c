import { type FileCoverage, percent } from './lcov.ts';

/** A row for each file and one for all: percent of lines, how many there are, and the numbers of those that never ran. */
export function coverageTable(files: readonly FileCoverage[]): string {
  const sorted = files.toSorted((a, b) => a.file.localeCompare(b.file));
  const rows = sorted.map((file) => [file.file, ...figures([file]), ranges(file.missed)]);
  return [['file', 'percent', 'lines', 'never ran'], ...rows, ['all', ...figures(files), '']]
    .map(([file = '', share = '', lines = '', missed = '']) =>
      `${file.padEnd(20)} ${share.padStart(7)} ${lines.padStart(6)}  ${missed}`.trimEnd(),
    )
    .join('\n');
}

function figures(files: readonly FileCoverage[]): readonly [string, string] {
  return [percent(files).toFixed(1), String(files.reduce((sum, { lines }) => sum + lines, 0))];
}

/** `3, 7-9` of ascending numbers. */
function ranges(numbers: readonly number[]): string {
  const spans: { first: number; last: number }[] = [];
  for (const number of numbers) {
    const open = spans.at(-1);
    if (open && open.last === number - 1) open.last = number;
    else spans.push({ first: number, last: number });
  }
  return spans.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(', ');
}
