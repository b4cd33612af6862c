import type { PoolAlgorithm } from '../datapath/index.ts';
import { fillSlots, type WeightedTarget } from './maglev.ts';
import { fillRotation } from './rotation.ts';

/** Slots of a pool whose connections find theirs by a hash: of up to 160 targets each has a hundred. A prime. */
export const HASH_TABLE_SIZE = 16_381;

/** What decides on a pool's slots besides its targets. */
export interface SlotPlan {
  readonly algorithm: PoolAlgorithm;
  /**
   * Slots of a pool of several targets whose connections find theirs by a hash. It does not depend on the targets: another
   * number of slots would send every client elsewhere.
   */
  readonly hashTableSize: number;
}

/** Works out the slots of a pool, in proportion to the weights of its targets. */
export function fillSlotTable(targets: readonly WeightedTarget[], plan: SlotPlan): Uint32Array {
  switch (plan.algorithm) {
    case 'weighted-random':
      return fillSlots(targets);
    case 'round-robin':
      return fillRotation(targets);
    case 'source-hash':
    case 'maglev':
      return fillSlots(targets, targets.length > 1 ? plan.hashTableSize : targets.length);
    default:
      return plan.algorithm satisfies never;
  }
}
