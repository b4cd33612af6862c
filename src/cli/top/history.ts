import { keyOf, type TopModel } from './model.ts';

/** How many readings are kept: a minute of seconds. */
export const HISTORY_LENGTH = 60;

/** New connections a second, the last reading last: of everything (``), of proxies by name, of targets by key. */
export type Histories = ReadonlyMap<string, readonly number[]>;

/** Adds a reading, and forgets what is too old or gone. */
export function remember(histories: Histories, model: TopModel): Histories {
  const next = new Map<string, readonly number[]>();
  const add = (key: string, rate: number | null) => {
    const before = histories.get(key) ?? [];
    next.set(key, rate === null ? before : [...before, rate].slice(-HISTORY_LENGTH));
  };
  add('', model.totals.connectsPerSec);
  for (const proxy of model.proxies) {
    add(proxy.name, proxy.connectsPerSec);
    for (const target of proxy.targets) add(keyOf(target), target.connectsPerSec);
  }
  return next;
}
