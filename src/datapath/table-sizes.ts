import { possibleCpus } from '../libbpf/index.ts';
import type { TableSizes } from './kernel-objects.ts';

/** What the tables are to hold. */
interface Wanted {
  readonly maxFlows: number;
  readonly maxSources: number;
}

/** New flows that are remembered until they have proven themselves. */
const MAX_PENDING = 65_536;

/** Entries that an LRU hash may keep free on each CPU (kernel/bpf/bpf_lru_list.c, LOCAL_FREE_TARGET): a small table needs them on top. */
const LRU_FREE_PER_CPU = 128;

/** Entries that every LRU table has beyond what it is asked to hold. */
export function lruSlack(): number {
  return LRU_FREE_PER_CPU * possibleCpus();
}

/** How many entries the tables get for so many flows and sources. */
export function tableSizes({ maxFlows, maxSources }: Wanted): TableSizes {
  const slack = lruSlack();
  return {
    flows: maxFlows * 2 + slack,
    pending: Math.min(maxFlows, MAX_PENDING) * 2 + slack,
    rateSource: maxSources + slack,
    toldFlows: maxFlows,
  };
}
