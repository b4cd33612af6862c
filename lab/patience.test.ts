import { afterEach, describe, expect, it, vi } from 'vitest';
import { PATIENCE_VARIABLE, patienceMs } from './patience.ts';

describe('the patience of a lab', () => {
  afterEach(() => vi.unstubAllEnvs());

  it.each([
    [undefined, 1_000],
    ['6', 6_000],
    ['0.1', 1_000],
    ['much', 1_000],
  ])('with %s in the environment turns a limit of 1,000 ms into %d', (value, limitMs) => {
    vi.stubEnv(PATIENCE_VARIABLE, value);
    expect(patienceMs(1_000)).toBe(limitMs);
  });
});
