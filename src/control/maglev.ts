import { hash } from 'node:crypto';
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
  const isTaken = new Uint8Array(size);
  const { next, skip, left, pace } = claimsOf(targets, size);
  const credit = new Float64Array(targets.length);
  const ids = Uint32Array.from(targets, ({ id }) => id);
  // Every place of the lists below is there; `?? 0` is for the compiler.
  let open = size;
  while (open > 0) {
    for (let target = 0; target < ids.length; target++) {
      if (left[target] === 0) continue;
      // The heaviest target claims in every round and lighter ones less often, so that all finish together.
      const due = (credit[target] ?? 0) + (pace[target] ?? 0);
      credit[target] = due < 1 ? due : due - 1;
      if (due < 1) continue;
      let slot = next[target] ?? 0;
      while (isTaken[slot] === 1) {
        slot += skip[target] ?? 0;
        if (slot >= size) slot -= size;
      }
      isTaken[slot] = 1;
      slots[slot] = ids[target] ?? 0;
      next[target] = slot;
      left[target] = (left[target] ?? 0) - 1;
      open--;
    }
  }
  return slots;
}

/** Each target's walk through its permutation of the slots: lists of numbers, because thousands of pools may be filled at once. */
interface Claims {
  /** Where the walk goes on, and how far it steps. */
  readonly next: Uint32Array;
  readonly skip: Uint32Array;
  /** Slots that are still to be claimed. */
  readonly left: Uint32Array;
  /** Claims a round: 1 for the heaviest target. */
  readonly pace: Float64Array;
}

function claimsOf(targets: readonly WeightedTarget[], size: number): Claims {
  const left = Uint32Array.from(
    quotas(
      targets.map(({ weight }) => weight),
      size,
    ),
  );
  const most = Math.max(...left);
  const digests = targets.map(({ key }) => hash('sha1', key, 'buffer'));
  return {
    next: Uint32Array.from(digests, (digest) => digest.readUInt32LE(0) % size),
    skip: Uint32Array.from(digests, (digest) => (size > 1 ? (digest.readUInt32LE(4) % (size - 1)) + 1 : 0)),
    left,
    pace: Float64Array.from(left, (quota) => quota / most),
  };
}
