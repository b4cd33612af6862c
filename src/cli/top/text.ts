import stringWidth from 'string-width';
import type { Style } from '../format/style.ts';

/** How a piece of text is meant; a style turns it into colours. */
export type Tone = 'plain' | Exclude<keyof Style, 'width'>;

/** A piece of a line that is painted as one. */
export interface Piece {
  readonly text: string;
  readonly tone: Tone;
}

/** A line before it is cut to a width and painted. */
export type Line = readonly Piece[];

/** A piece of text. */
export function piece(text: string, tone: Tone = 'plain'): Piece {
  return { text, tone };
}

/** Columns that pieces take. */
export function widthOf(line: Line): number {
  return line.reduce((sum, { text }) => sum + stringWidth(text), 0);
}

/** The pieces, cut at `width` columns; what is cut ends with an ellipsis. */
export function cut(line: Line, width: number): Line {
  if (widthOf(line) <= width) return line;
  const kept: Piece[] = [];
  let left = width - 1;
  for (const { text, tone } of line) {
    const part = cutText(text, left);
    kept.push({ text: part, tone });
    left -= stringWidth(part);
    if (part !== text) break;
  }
  return width <= 0 ? [] : [...kept, piece('…', 'faint')];
}

function cutText(text: string, width: number): string {
  let part = '';
  let used = 0;
  for (const character of text) {
    used += stringWidth(character);
    if (used > width) return part;
    part += character;
  }
  return part;
}

/** The pieces with blanks up to `width`, cut to it where they are longer. */
export function pad(line: Line, width: number, align: 'left' | 'right'): Line {
  const short = cut(line, width);
  const blanks = piece(' '.repeat(Math.max(0, width - widthOf(short))));
  if (blanks.text === '') return short;
  return align === 'left' ? [...short, blanks] : [blanks, ...short];
}

/** The text of a line in colours. */
export function paint(line: Line, style: Style): string {
  return line.map(({ text, tone }) => (tone === 'plain' ? text : style[tone](text))).join('');
}
