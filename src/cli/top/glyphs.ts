/** Characters that pictures are made of. */
export interface Glyphs {
  /** From nothing to full, in even steps. */
  readonly heights: readonly string[];
  /** Parts of a full block from the left, from nothing to full. */
  readonly widths: readonly string[];
  /** Where a bar is empty. */
  readonly empty: string;
  readonly rule: string;
  readonly cursor: string;
}

const BLOCKS: Glyphs = {
  heights: ['▁', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
  widths: ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'],
  empty: '·',
  rule: '─',
  cursor: '▸',
};

const ASCII: Glyphs = {
  heights: ['_', '.', '-', '=', '+', '*', '#'],
  widths: ['', '#'],
  empty: '.',
  rule: '-',
  cursor: '>',
};

/** What the terminal can show: blocks in a UTF-8 locale, plain characters in others. */
export function glyphsFor(env: Readonly<Record<string, string | undefined>>): Glyphs {
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return /utf-?8/i.test(locale) && env.TERM !== 'linux' ? BLOCKS : ASCII;
}

/** The last `width` values as a line of heights, the largest full; `` without values. */
export function sparkline(values: readonly number[], width: number, { heights }: Glyphs): string {
  const shown = values.slice(-width);
  const largest = Math.max(0, ...shown);
  return shown
    .map((value) => heights[stepOf(value, largest, heights.length - 1)] ?? '')
    .join('')
    .padStart(width);
}

/** Zero is nothing, and whatever is more than zero can be seen. */
function stepOf(value: number, largest: number, steps: number): number {
  if (value <= 0 || largest <= 0) return 0;
  return Math.max(1, Math.round((value / largest) * steps));
}

/** A bar of `width` characters that is full at 1. */
export function bar(share: number, width: number, { widths, empty }: Glyphs): readonly [string, string] {
  const steps = widths.length - 1;
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width * steps);
  const full = (widths[steps] ?? '').repeat(Math.floor(filled / steps)) + (widths[filled % steps] ?? '');
  return [full, empty.repeat(width - full.length)];
}
