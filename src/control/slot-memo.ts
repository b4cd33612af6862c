import { fillSlots, type WeightedTarget } from './maglev.ts';

/**
 * Fills slots like {@link fillSlots} and remembers the result, so that a plan costs only the pools that have changed
 * since the one before. What two plans in a row did not ask for is forgotten.
 */
export class SlotMemo {
  #earlier: ReadonlyMap<string, Uint32Array> = new Map();
  #current = new Map<string, Uint32Array>();

  /** The slots of a pool; not to be written to. */
  readonly fill = (targets: readonly WeightedTarget[]): Uint32Array => {
    const recipe = targets.map(({ id, key, weight }) => `${id} ${key} ${weight}`).join();
    const slots = this.#current.get(recipe) ?? this.#earlier.get(recipe) ?? fillSlots(targets);
    this.#current.set(recipe, slots);
    return slots;
  };

  /** Says that a plan is complete. */
  endPlan(): void {
    this.#earlier = this.#current;
    this.#current = new Map();
  }
}
