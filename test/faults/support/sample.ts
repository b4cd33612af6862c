import { randomInt } from 'node:crypto';

/** `FAULTS=all` runs every point of a sweep, `FAULTS=5` five times as many as without. */
const { FAULTS = '1' } = process.env;
const FACTOR = FAULTS === 'all' ? Number.POSITIVE_INFINITY : Number(FAULTS);

/** `FAULTS_AT=3,4` runs only these of the points that are drawn. */
const { FAULTS_AT } = process.env;
const WANTED = FAULTS_AT?.split(',').map(Number);

/** Whether a point that was drawn is to be run. */
export function isWanted(point: number): boolean {
  return WANTED === undefined || WANTED.includes(point);
}

/** Numbers that repeat with their seed (mulberry32). */
export class Dice {
  readonly seed: number;
  #state: number;

  /** @param seed default `FAULTS_SEED`, or else another one each time */
  constructor(seed = Number(process.env.FAULTS_SEED ?? randomInt(2 ** 31))) {
    this.seed = seed;
    this.#state = seed;
  }

  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  /** One of several. */
  pick<T>(values: readonly [T, ...T[]]): T {
    return values[this.below(values.length)] ?? values[0];
  }

  /** The numbers from 1 to `count`: `some` of them, or more when more are wanted, one in each stretch. */
  points(count: number, some: number): readonly number[] {
    const wanted = Math.min(count, some * FACTOR);
    const edge = (part: number) => Math.floor((part * count) / wanted);
    return Array.from({ length: wanted }, (_, part) => {
      return edge(part) + 1 + this.below(edge(part + 1) - edge(part));
    });
  }
}

/** Kinds of faults to try: all of them when every point is wanted, otherwise one. */
export function drawn<T>(kinds: readonly [T, ...T[]]): readonly T[] {
  return FAULTS === 'all' ? kinds : [new Dice().pick(kinds)];
}

/** Says what a sweep does, so that it can be done again. */
export function announce(what: string, points: readonly number[], count: number, { seed }: Dice): void {
  console.info(`${what}: ${points.length} of ${count} calls, FAULTS_SEED=${seed}`);
}
