import { describe, expect, it } from 'vitest';
import { formatBytes, formatCount, formatDuration, formatMs, formatPercent } from './units.ts';

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [15_360, '15.0 KiB'],
    [5 * 1024 ** 3, '5.0 GiB'],
    [3 * 1024 ** 6, '3072.0 PiB'],
  ])('writes %d as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe('formatDuration', () => {
  it.each([
    [-1, '0s'],
    [0, '0s'],
    [59.9, '59s'],
    [61, '1m 1s'],
    [3_725, '1h 2m'],
    [90_000, '1d 1h'],
  ])('writes %d seconds as %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));
});

describe('formatMs', () => {
  it.each([
    [null, '-'],
    [undefined, '-'],
    [0.03125, '31.3 us'],
    [12.34, '12.3 ms'],
  ])('writes %s as %s', (ms, text) => expect(formatMs(ms)).toBe(text));
});

describe('formatCount and formatPercent', () => {
  it('group thousands', () => expect(formatCount(1_234_567)).toBe('1,234,567'));
  it.each([
    [50, '50%'],
    [100 / 3, '33.3%'],
    [0, '0%'],
  ])('write %d as %s', (percent, text) => expect(formatPercent(percent)).toBe(text));
});
