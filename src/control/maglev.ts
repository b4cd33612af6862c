import { createHash } from 'node:crypto';
import { quotas } from './quotas.ts';

/** A target as the slot table sees it. */
export interface WeightedTarget {
  /** Number that is written into the slots. */
  readonly id: number;
  /** Stable name that fixes which slots it prefers, e.g. `10.0.0.1:8080`. */
  readonly key: string;
  /** Relative weight, 0 or more; only the proportions count. */
  readonly weight: number;
}

/** Primes, so that every skip visits every slot. */
const TABLE_SIZES = [1021, 2039, 4093, 8191, 16381, 32749, 65521, 131071] as const;
const SLOTS_PER_TARGET = 100;

/**
 * How many slots a pool of `targets` targets gets: one for a single target, else the first prime
 * that gives each at least 100 (or what is asked for), so that shares are right to one percent.
 */
export function slotCount(targets: number, slotsPerTarget: number = SLOTS_PER_TARGET): number {
  if (targets <= 1) return targets;
  const wanted = targets * slotsPerTarget;
  return TABLE_SIZES.find((size) => size >= wanted) ?? TABLE_SIZES[TABLE_SIZES.length - 1] ?? 0;
}

/**
 * Fills a slot table in proportion to the weights by Maglev's permutation (Eisenbud et al., "Maglev: A Fast
 * and Reliable Software Network Load Balancer", NSDI 2016, section 3.4): each target claims slots in an order
 * of its own until it has its share, so a change of targets or weights moves few slots.
 *
 * If every weight is 0 all targets count alike; no targets give an empty table.
 * @param size how many slots, a prime or 1
 */
export function fillSlots(
  targets: readonly WeightedTarget[],
  size: number = slotCount(targets.length),
): Uint32Array {
  const slots = new Uint32Array(size);
  const free = new Uint8Array(size).fill(1);
  const counts = quotas(
    targets.map(({ weight }) => weight),
    size,
  );
  const most = Math.max(...counts);
  const claims = targets.map((target, index) => new Claim(target, counts[index] ?? 0, most, size));
  let left = size;
  while (left > 0) {
    for (const claim of claims) {
      if (!claim.isDue()) continue;
      slots[claim.take(free)] = claim.id;
      left--;
    }
  }
  return slots;
}

/** One target's walk through its permutation of the slots. */
class Claim {
  readonly id: number;
  readonly #size: number;
  readonly #skip: number;
  readonly #pace: number;
  #next: number;
  #left: number;
  #credit = 0;

  constructor(target: WeightedTarget, quota: number, mostQuota: number, size: number) {
    const digest = createHash('sha1').update(target.key).digest();
    this.id = target.id;
    this.#size = size;
    this.#next = digest.readUInt32LE(0) % size;
    this.#skip = size > 1 ? (digest.readUInt32LE(4) % (size - 1)) + 1 : 0;
    this.#left = quota;
    this.#pace = quota / mostQuota;
  }

  /** Lets the heaviest target claim in every round and lighter ones less often, so that all finish together. */
  isDue(): boolean {
    if (this.#left === 0) return false;
    this.#credit += this.#pace;
    if (this.#credit < 1) return false;
    this.#credit -= 1;
    return true;
  }

  take(free: Uint8Array): number {
    let next = this.#next;
    while (free[next] === 0) {
      next += this.#skip;
      if (next >= this.#size) next -= this.#size;
    }
    free[next] = 0;
    this.#next = next;
    this.#left--;
    return next;
  }
}
