import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoTimes, perSecond } from './iso-times.ts';

/** Years that people live in, also with fractions of milliseconds. */
const times = fc.double({ min: 0, max: 4e12, noNaN: true });

it('writes every time as Date does', () => {
  const write = isoTimes();
  fc.assert(fc.property(times, (ms) => void expect(write(ms)).toBe(new Date(ms).toISOString())));
  for (const ms of [0, 9, 10, 99, 100, 999, 1000, 1_767_323_045_007])
    expect(write(ms)).toBe(new Date(ms).toISOString());
});

it('refuses a time that no date has', () => {
  expect(() => isoTimes()(Number.NaN)).toThrow(RangeError);
});

it('writes a second once, and forgets before it remembers too many', () => {
  const written: number[] = [];
  const text = perSecond((second) => {
    written.push(second);
    return String(second);
  });
  for (let second = 0; second < 2000; second++)
    expect([text(second), text(second)]).toEqual([`${second}`, `${second}`]);
  expect(written).toHaveLength(2000);
  text(0);
  expect(written).toHaveLength(2001);
});
