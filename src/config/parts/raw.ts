/** A map of a configuration that no schema has seen yet. */
export type RawMap = Readonly<Record<string, unknown>>;

/** Whether a value is a map. */
export function isRecord(value: unknown): value is RawMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The items of a list; none when it is not one. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
