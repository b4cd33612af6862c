import { describe, expect, it } from 'vitest';
import { epochsAgo, epochsBefore } from './time.ts';

const EPOCH_NS = 1n << 30n;

describe('times in epochs', () => {
  it('are told as written, also those before the clock began', () => {
    for (const nowNs of [EPOCH_NS / 2n, 7n * EPOCH_NS + 5n, 90_000n * EPOCH_NS]) {
      for (const epochs of [0, 1, 6, 31, 400]) {
        const timeNs = epochsBefore(nowNs, epochs);
        expect(timeNs).toBeGreaterThanOrEqual(0n);
        expect(epochsAgo(nowNs, timeNs)).toBe(epochs);
      }
    }
  });
});
