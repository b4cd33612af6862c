import { expect, it } from 'vitest';
import { planOf } from './plan.ts';

const wishes = { seed: 1, rate: 300 };

it('a soak is twenty minutes on all hooks unless told otherwise', () => {
  expect(planOf(wishes)).toMatchObject({ stages: ['tc', 'native'], durationMs: 20 * 60_000, restarts: 10 });
  expect(planOf({ ...wishes, minutes: 1 })).toMatchObject({ durationMs: 60_000, restarts: 2 });
  expect(planOf({ ...wishes, seconds: 30 })).toMatchObject({ durationMs: 30_000 });
});

it('the rate is that of all stages together', () => {
  expect(planOf(wishes).connectionsPerSecond).toBe(150);
  expect(planOf({ ...wishes, only: ['native'] })).toMatchObject({
    stages: ['native'],
    connectionsPerSecond: 300,
  });
});

it('long ones restart often, but not without end, and hold hundreds of conversations', () => {
  expect(planOf({ ...wishes, minutes: 600 })).toMatchObject({ restarts: 30, heldTcp: 200, heldUdp: 100 });
});
