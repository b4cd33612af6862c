import { describe, expect, it } from 'vitest';
import { bar, glyphsFor, sparkline } from './glyphs.ts';
import { type GridColumn, layOut } from './grid.ts';
import { Screen } from './screen.ts';
import { cut, pad, paint, piece } from './text.ts';
import { PLAIN, shown } from './top.fixture.ts';
import { formatBits, formatPerSec } from './units.ts';

const BLOCKS = glyphsFor({ LANG: 'en_US.UTF-8' });
const ASCII = glyphsFor({ LANG: 'C' });

describe('pictures', () => {
  it('have blocks in a UTF-8 locale only, and not on the console of Linux', () => {
    expect(BLOCKS.cursor).toBe('▸');
    expect(glyphsFor({ LC_ALL: 'C.utf8', LANG: 'C' })).toBe(BLOCKS);
    expect(glyphsFor({ LC_ALL: 'C', LANG: 'C.UTF-8' })).toBe(ASCII);
    expect(glyphsFor({ LANG: 'C.UTF-8', TERM: 'linux' })).toBe(ASCII);
    expect(glyphsFor({})).toBe(ASCII);
  });

  it('show the last values of a line, the largest full, and never hide one that is not zero', () => {
    expect(sparkline([0, 4, 8], 5, BLOCKS)).toBe('  ▁▄█');
    expect(sparkline([9, 0, 1, 1_000], 3, BLOCKS)).toBe('▁▁█');
    expect(sparkline([1_000, 1], 2, ASCII)).toBe('#.');
    expect(sparkline([0, 0], 2, ASCII)).toBe('__');
    expect(sparkline([], 3, ASCII)).toBe('   ');
  });

  it('fill a bar by eighths of a character, and no further than its ends', () => {
    expect(bar(0.5, 4, BLOCKS)).toEqual(['██', '··']);
    expect(bar(0.3, 4, BLOCKS)).toEqual(['█▎', '··']);
    expect(bar(-1, 2, BLOCKS)).toEqual(['', '··']);
    expect(bar(7, 2, ASCII)).toEqual(['##', '']);
  });
});

it.each([
  [null, '-', '-'],
  [0, '0', '0'],
  [2.54, '2.5', '3 bit/s'],
  [37.4, '37', '37 bit/s'],
  [999.6, '1,000', '1.0 kbit/s'],
  [12_345, '12,345', '12 kbit/s'],
  [9_400_000_000, '9,400,000,000', '9.4 Gbit/s'],
])('%s is %s a second, or %s', (rate, perSec, bits) => {
  expect(formatPerSec(rate)).toBe(perSec);
  expect(formatBits(rate)).toBe(bits);
});

describe('lines', () => {
  const line = [piece('abc', 'good'), piece('世界', 'bad')];

  it('are cut where the terminal ends, also between characters that take two columns', () => {
    expect(shown([cut(line, 7), cut(line, 6), cut(line, 5), cut(line, 3), cut(line, 0)])).toEqual([
      'abc世界',
      'abc世…',
      'abc…',
      'ab…',
      '',
    ]);
  });

  it('are filled up by the columns that they take', () => {
    expect(paint(pad(line, 9, 'left'), PLAIN)).toBe('abc世界  ');
    expect(paint(pad(line, 9, 'right'), PLAIN)).toBe('  abc世界');
  });
});

describe('a grid', () => {
  const column = (title: string, dispensable: number, text: string): GridColumn<string> => ({
    title,
    align: 'left',
    dispensable,
    cell: (row) => [piece(row + text)],
  });
  const columns = [column('NAME', 0, '-a-long-name'), column('B', 1, '12345'), column('C', 2, '6789')];

  it('is as wide as what is in it', () => {
    const { heading, lines } = layOut(columns, ['x', 'yy'], 100);
    expect(shown([heading, ...lines])).toEqual([
      'NAME            B        C',
      'x-a-long-name   x12345   x6789',
      'yy-a-long-name  yy12345  yy6789',
    ]);
  });

  it('spares columns on a narrow terminal, the least important first, and then cuts the first', () => {
    const at = (width: number) => shown(layOut(columns, ['x'], width).lines);
    expect(at(28)).toEqual(['x-a-long-name  x12345  x6789']);
    expect(at(27)).toEqual(['x-a-long-name  x12345']);
    expect(at(20)).toEqual(['x-a-long-name']);
    expect(at(11)).toEqual(['x-a-long-n…']);
  });
});

describe('the screen', () => {
  it('writes only what has changed, and gives the terminal back', () => {
    const written: string[] = [];
    const screen = new Screen((text) => written.push(text.replaceAll('\u001b', '␛')));
    screen.draw(['nobody sees this']);
    expect(written).toEqual([]);
    screen.enter();
    expect(written.splice(0).join('')).toContain('␛[?1049h');
    screen.draw(['one', 'two']);
    expect(written.splice(0).join('')).toBe('␛[?2026h␛[1;1Hone␛[K␛[2;1Htwo␛[K␛[?2026l');
    screen.draw(['one', 'TWO']);
    expect(written.splice(0).join('')).toBe('␛[?2026h␛[2;1HTWO␛[K␛[?2026l');
    screen.draw(['one', 'TWO']);
    expect(written).toEqual([]);
    screen.draw(['one']);
    expect(written.splice(0).join('')).toContain('␛[2;1H␛[K');
    screen.leave();
    expect(written.splice(0).join('')).toMatch(/␛\[\?25h␛\[\?1049l$/);
    screen.draw(['nobody sees this']);
    screen.leave();
    expect(written).toEqual([]);
  });
});
