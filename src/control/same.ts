import type { PoolAlgorithm } from '../datapath/index.ts';

/** Compares flat records of the same type, field by field. */
export function sameFields<T extends object>(a: T | undefined, b: T): boolean {
  if (a === undefined) return false;
  for (const field in b) if (a[field] !== b[field]) return false;
  return true;
}

/** A pool's slots and how one is picked. */
interface Pool {
  readonly algorithm: PoolAlgorithm;
  readonly slots: Uint32Array;
}

/** Compares pools. One without slots has no algorithm that matters. */
export function samePool(a: Pool | undefined, b: Pool): boolean {
  if (a === undefined) return false;
  return sameSlots(a.slots, b.slots) && (a.algorithm === b.algorithm || b.slots.length === 0);
}

/** Compares the targets of slots. */
function sameSlots(a: Uint32Array, b: Uint32Array): boolean {
  return a === b || (a.length === b.length && a.every((id, slot) => id === b[slot]));
}
