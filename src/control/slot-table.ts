import type { Algorithm } from '../config/index.ts';
import { fillSlots, slotCount, type WeightedTarget } from './maglev.ts';
import { fillRotation } from './rotation.ts';

/** Weights that follow open connections are rough, and change often: few slots are as good, and cheaper. */
const SLOTS_PER_LOADED_TARGET = 16;

/** What decides on a pool's slots besides its targets. */
export interface SlotPlan {
  readonly algorithm: Algorithm;
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
    case 'least-connections':
      return fillSlots(targets, slotCount(targets.length, SLOTS_PER_LOADED_TARGET));
    case 'round-robin':
      return fillRotation(targets);
    case 'source-hash':
    case 'maglev':
      return fillSlots(targets, targets.length > 1 ? plan.hashTableSize : targets.length);
    default:
      return plan.algorithm satisfies never;
  }
}
