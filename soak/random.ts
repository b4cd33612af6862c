/** Numbers that look random and are the same for the same seed. */
export type Random = () => number;

/** A generator of numbers from 0 (inclusive) to 1 (exclusive): mulberry32. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from `min` to `max`, both inclusive. */
export function between(random: Random, min: number, max: number): number {
  return min + Math.floor(random() * (max - min + 1));
}

/** True once in `times` calls, on average. */
export function onceIn(random: Random, times: number): boolean {
  return random() * times < 1;
}

/** At least one of the items, in their order. */
export function someOf<T>(random: Random, items: readonly T[]): readonly T[] {
  const chosen = items.filter(() => random() < 0.5);
  return chosen.length > 0 ? chosen : items.slice(0, 1 + between(random, 0, items.length - 1));
}

/** That many positive whole numbers that sum to 100. */
export function percentages(random: Random, count: number): readonly number[] {
  const weights = Array.from({ length: count }, () => 1);
  for (let left = 100 - count; left > 0; ) {
    const part = Math.min(left, between(random, 1, 40));
    const index = between(random, 0, count - 1);
    weights[index] = (weights[index] ?? 0) + part;
    left -= part;
  }
  return weights;
}
