/** Which lines of a file a run has executed. */
export interface FileCoverage {
  readonly file: string;
  /** Lines that hold code. */
  readonly lines: number;
  /** Numbers of those that never ran. */
  readonly missed: readonly number[];
}

/** Reads what `llvm-cov export -format=lcov` writes. Files without code are left out. */
export function parseLcov(text: string): readonly FileCoverage[] {
  return text
    .split('end_of_record\n')
    .map(parseRecord)
    .filter(({ lines }) => lines > 0);
}

function parseRecord(record: string): FileCoverage {
  const file = /^SF:(.*)$/m.exec(record)?.[1] ?? '';
  const counts = [...record.matchAll(/^DA:(\d+),(\d+)/gm)].map(([, line, count]) => ({
    line: Number(line),
    count: Number(count),
  }));
  return {
    file,
    lines: counts.length,
    missed: counts.filter(({ count }) => count === 0).map(({ line }) => line),
  };
}

/** Percent of lines that ran; 100 for none. */
export function percent(files: readonly FileCoverage[]): number {
  const lines = files.reduce((sum, file) => sum + file.lines, 0);
  const missed = files.reduce((sum, file) => sum + file.missed.length, 0);
  return lines === 0 ? 100 : (100 * (lines - missed)) / lines;
}
