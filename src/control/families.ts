import type { Family } from '../config/index.ts';

/** Both IP versions. Packets are never translated from one to the other. */
export const FAMILIES: readonly Family[] = [4, 6];

/** The IP version of an address or prefix. */
export function familyOf(address: string): Family {
  return address.includes(':') ? 6 : 4;
}

/** Those of one IP version. */
export function ofFamily<T extends { readonly address: string }>(
  family: Family,
  items: readonly T[],
): readonly T[] {
  return items.filter(({ address }) => familyOf(address) === family);
}
