import { describe, expect, it } from 'vitest';
import { bitRate, bytes, percent, prefixed, rate, textOf, trimmed } from './numbers.ts';

describe('a number', () => {
  it.each([
    [0, '0'],
    [0.01, '<0.1'],
    [0.44, '0.4'],
    [12, '12'],
    [12.34, '12.3'],
    [1234.5, '1,235'],
  ])('of %s a second is %s', (value, text) => {
    expect(rate(value)).toBe(text);
  });

  it.each([
    [0, '0 bit/s'],
    [999, '999 bit/s'],
    [999.6, '1.00 kbit/s'],
    [12_345, '12.3 kbit/s'],
    [1_234_567, '1.23 Mbit/s'],
    [99_960_000, '100 Mbit/s'],
    [2.5e18, '2500 Pbit/s'],
  ])('of %s bits a second is %s', (value, text) => {
    expect(textOf(bitRate(value))).toBe(text);
  });

  it('has no more digits than say something', () => {
    expect([bytes(0), bytes(1023), bytes(1536), bytes(2 ** 21)]).toEqual([
      '0 B',
      '1,023 B',
      '1.5 KiB',
      '2.0 MiB',
    ]);
    expect([percent(50), percent(33.333)]).toEqual(['50 %', '33.3 %']);
    expect(textOf(prefixed(100_000))).toBe('100 k');
    expect([trimmed(7.5), trimmed(0.1 + 0.2)]).toEqual(['7.5', '0.3']);
  });
});
