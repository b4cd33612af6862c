/** One entry of a map, as bpf(2) takes and gives it. */
export interface Entry {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** The maps that a state fills, by their names in the kernel object. */
export const STATE_MAPS = [
  'devices',
  'listeners',
  'source_routes',
  'pools',
  'slots',
  'pool_turns',
  'targets',
  'flows',
  'pending',
  'fragments',
  'source_limits',
  'rate_source',
  'rate_target',
  'sni_routes',
  'late_secrets',
  'late',
  'late_slots',
  'late_rings',
  'told_flows',
  'event_settings',
  'capture_filters',
] as const;

export type StateMap = (typeof STATE_MAPS)[number];

/** What is to be written into each map; whatever else it holds must be removed (arrays: zeroed). */
export type StateEntries = Readonly<Record<StateMap, readonly Entry[]>>;

/** Entries in the order of their keys' bytes: tables have none of their own. */
export function inKeyOrder(entries: readonly Entry[]): readonly Entry[] {
  return entries.toSorted((a, b) => Buffer.compare(a.key, b.key));
}
