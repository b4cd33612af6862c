import type { StatsReport } from '../../src/report/index.ts';
import type { Decrease } from '../record.ts';

/** Every counter of a report by a name of its own. */
export function counterValues({ totals, targets, reasons }: StatsReport): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  const addTraffic = (
    name: string,
    { flows, forward, reply }: StatsReport['totals'] | StatsReport['targets'][number],
  ) => {
    values.set(`${name} flows`, flows);
    for (const [direction, { packets, bytes }] of Object.entries({ forward, reply })) {
      values.set(`${name} ${direction} packets`, packets);
      values.set(`${name} ${direction} bytes`, bytes);
    }
  };
  addTraffic('total', totals);
  for (const target of targets) addTraffic(`${target.proxy} ${target.target}`, target);
  for (const { hook, reason, packets } of reasons) values.set(`${hook}/${reason}`, packets);
  return values;
}

/** Remembers the highest value of every counter, and notes each that is lower later, also after it was out of sight. */
export class DecreaseFinder {
  readonly found: Decrease[] = [];
  readonly #highest = new Map<string, number>();
  #comparisons = 0;

  /** How many values were compared with earlier ones. */
  get comparisons(): number {
    return this.#comparisons;
  }

  take(stats: StatsReport): void {
    for (const [what, after] of counterValues(stats)) {
      const before = this.#highest.get(what);
      if (before !== undefined) this.#comparisons++;
      if (before !== undefined && after < before) this.found.push({ what, before, after });
      this.#highest.set(what, Math.max(after, before ?? 0));
    }
  }
}
