import type { WeightedTarget } from './maglev.ts';
import { quotas } from './quotas.ts';

/** Where weights have no short common rhythm, a rotation has so many slots for each target. */
const SLOTS_PER_TARGET = 16;
const MIN_LONGEST = 4096;

/**
 * Fills the slots of a pool that is dealt out in turn: one round in which every target has its exact share, as evenly
 * spread as can be. After any number of slots a target has had its share to less than one connection: each of its
 * slots has a window, from when it is due until it would be late, and of those that are due the first to be late comes
 * next (earliest deadline first, which keeps all windows: Baruah et al., "Proportionate progress", Algorithmica 1996).
 *
 * If every weight is 0 all targets count alike; no targets give an empty table.
 */
export function fillRotation(targets: readonly WeightedTarget[]): Uint32Array {
  const someWeight = targets.some(({ weight }) => weight > 0);
  const active = targets.filter(({ weight }) => weight > 0 || !someWeight);
  const weights = active.map(({ weight }) => (someWeight ? weight : 1));
  const size = roundLength(weights);
  const shares = quotas(weights, size).map((count, index) => new Share(active[index]?.id ?? 0, size / count));
  return Uint32Array.from({ length: size }, (_, slot) => nextOf(shares, slot).take());
}

/** The fewest slots in which every weight has a whole number of them; when there is no short round, a long one that comes near. */
function roundLength(weights: readonly number[]): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const longest = Math.max(MIN_LONGEST, weights.length * SLOTS_PER_TARGET);
  for (let size = weights.length; size <= longest; size++) {
    if (weights.every((weight) => isWhole((weight / total) * size))) return size;
  }
  return longest;
}

/** Whole but for what floating point leaves. */
function isWhole(value: number): boolean {
  return value > 0.5 && Math.abs(value - Math.round(value)) < 1e-9 * value;
}

function nextOf(shares: readonly Share[], slot: number): Share {
  let best: Share | undefined;
  for (const share of shares) {
    if (share.due <= slot && (best === undefined || share.late < best.late)) best = share;
  }
  if (best === undefined) throw new RangeError('a rotation has a slot that nobody is due for');
  return best;
}

/** One target's way through a round. */
class Share {
  readonly #id: number;
  readonly #period: number;
  #taken = 0;

  /** @param period slots from one of its turns to the next, on average */
  constructor(id: number, period: number) {
    this.#id = id;
    this.#period = period;
  }

  /** The first slot that may be its next one. */
  get due(): number {
    return Math.floor(this.#taken * this.#period + 1e-9);
  }

  /** The slot by which it must have had its next one. */
  get late(): number {
    return Math.ceil((this.#taken + 1) * this.#period - 1e-9);
  }

  take(): number {
    this.#taken++;
    return this.#id;
  }
}
