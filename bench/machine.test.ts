import { expect, it } from 'vitest';
import { lastOfBoth } from './machine.ts';

it.each([
  ['0-1', '0-1', '1'],
  // The mask of a process has CPUs that are not plugged in.
  ['0-7', '0-1', '1'],
  ['0,2-5,9', '0-3', '3'],
  ['4-5', '0-7', '5'],
  ['0', '0', '0'],
])('of CPUs %s that may be used and %s at work, a bench takes %s', (allowed, online, last) =>
  expect(lastOfBoth(allowed, online)).toBe(last),
);
