import type { WeightedTarget } from './maglev.ts';
import { fillSlotTable, type SlotPlan } from './slot-table.ts';

/**
 * Fills slots like {@link fillSlotTable} and remembers the result, so that a plan costs only the pools that have changed
 * since the one before. What two plans in a row did not ask for is forgotten.
 */
export class SlotMemo {
  #earlier: ReadonlyMap<string, Uint32Array> = new Map();
  #current = new Map<string, Uint32Array>();

  /** The slots of a pool; not to be written to. */
  readonly fill = (targets: readonly WeightedTarget[], plan: SlotPlan): Uint32Array => {
    const members = targets.map(({ id, key, weight }) => `${id} ${key} ${weight}`).join();
    const recipe = `${plan.algorithm} ${plan.hashTableSize} ${members}`;
    const slots = this.#current.get(recipe) ?? this.#earlier.get(recipe) ?? fillSlotTable(targets, plan);
    this.#current.set(recipe, slots);
    return slots;
  };

  /** Says that a plan is complete. */
  endPlan(): void {
    this.#earlier = this.#current;
    this.#current = new Map();
  }
}
