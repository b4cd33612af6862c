import { BpfError } from './bpf-error.ts';
import type { BpfMap } from './map.ts';

/** Refuses keys and values of the wrong size: the kernel would read or write beyond them. */
export function mustFit(map: BpfMap, key: Uint8Array, value?: Uint8Array): void {
  if (key.length !== map.info.keySize) throw wrongSize(map, 'key', key.length, map.info.keySize);
  if (value && value.length !== map.valueBytes) throw wrongSize(map, 'value', value.length, map.valueBytes);
}

/** Refuses batches whose keys and values do not belong together; returns how many there are. */
export function mustPair(map: BpfMap, keys: Uint8Array, values?: Uint8Array): number {
  const count = keys.length / map.info.keySize;
  if (!Number.isInteger(count)) throw wrongSize(map, 'key', keys.length, map.info.keySize);
  if (values && values.length !== count * map.valueBytes) {
    throw wrongSize(map, 'value', values.length, count * map.valueBytes);
  }
  return count;
}

function wrongSize(map: BpfMap, what: 'key' | 'value', given: number, wanted: number): BpfError {
  return new BpfError('invalid', `the ${what} for ${map.fd.what} has ${given} bytes instead of ${wanted}`);
}
