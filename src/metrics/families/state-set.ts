import type { Sample } from '../metric.ts';

/** A series for each state that there is: 1 for the one that it has, 0 for the others. */
export function stateSet(labels: readonly string[], states: readonly string[], current: string): Sample[] {
  return states.map((state) => ({ labels: [...labels, state], value: state === current ? 1 : 0 }));
}
