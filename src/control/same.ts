/** Compares flat records of the same type, field by field. */
export function sameFields<T extends object>(a: T | undefined, b: T): boolean {
  if (a === undefined) return false;
  const fields = new Map<string, unknown>(Object.entries(a));
  return Object.entries(b).every(([field, value]) => fields.get(field) === value);
}

/** Compares the targets of slots. */
export function sameSlots(a: Uint32Array | undefined, b: Uint32Array): boolean {
  return a === b || (a !== undefined && a.length === b.length && a.every((id, slot) => id === b[slot]));
}
