import { expect, it } from 'vitest';
import { millisecondsText } from './milliseconds.ts';

it.each([
  [0, '0 ms'],
  [0.00004, '0.04 us'],
  [0.0158, '15.8 us'],
  [0.01576, '15.8 us'],
  [0.5, '500 us'],
  [0.99949, '999 us'],
  [0.9996, '1 ms'],
  [1.2449, '1.24 ms'],
  [12.34, '12.3 ms'],
  [99.96, '100 ms'],
  [999.4, '999 ms'],
  [999.6, '1 s'],
  [1003.6, '1 s'],
  [1500, '1.5 s'],
  [75_040, '75 s'],
  [1_234_567, '1230 s'],
])('writes %d ms in the unit that fits, as %s', (ms, text) => expect(millisecondsText(ms)).toBe(text));
