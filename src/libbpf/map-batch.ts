import { errorFromErrno } from './bpf-error.ts';
import { ERRNO } from './errno.ts';
import { type BpfMap, UPDATE_FLAGS, type UpdateMode } from './map.ts';
import { mustPair } from './map-layout.ts';
import { native } from './native.ts';
import { OPTS_SIZE } from './native-types.ts';

/** Entries a call: a batch is one system call that holds the thread. */
const CHUNK_ENTRIES = 4096;

/** Results that mean: this kind of map, or this kernel, has no batches. */
const NO_BATCH: readonly number[] = [-ERRNO.EINVAL, -ERRNO.ENOTSUPP, -ERRNO.EOPNOTSUPP];

/**
 * Writes many entries: `keys` and `values` lie side by side. Entry by entry where the kernel has no batches for this
 * kind of map. Not atomic: when it throws, the entries before the failing one are written.
 * @throws {BpfError} as {@link BpfMap.update}
 */
export function updateBatch(
  map: BpfMap,
  keys: Uint8Array,
  values: Uint8Array,
  mode: UpdateMode = 'any',
): void {
  const total = mustPair(map, keys, values);
  for (let from = 0; from < total; from += CHUNK_ENTRIES) {
    const to = Math.min(total, from + CHUNK_ENTRIES);
    const done = updateChunk(
      map,
      slice(keys, map.info.keySize, from, to),
      slice(values, map.valueBytes, from, to),
      mode,
    );
    if (done === 'no batches') {
      updateSingly(map, keys, values, mode, from);
      return;
    }
  }
}

/** Removes many keys that lie side by side; returns how many of them were there. @throws {BpfError} */
export function deleteBatch(map: BpfMap, keys: Uint8Array): number {
  const total = mustPair(map, keys);
  let deleted = 0;
  let at = 0;
  while (at < total) {
    const count = Uint32Array.of(Math.min(CHUNK_ENTRIES, total - at));
    const chunk = slice(keys, map.info.keySize, at, total);
    const result = native().deleteBatch(map.fd.value, chunk, count, null);
    if (NO_BATCH.includes(result)) return deleted + deleteSingly(map, chunk);
    if (result < 0 && result !== -ERRNO.ENOENT) throw errorFromErrno(result, `deleting from ${map.fd.what}`);
    const done = count[0] ?? 0;
    deleted += done;
    // The kernel stops at a key that is not there: go on behind it.
    at += result === -ERRNO.ENOENT ? done + 1 : done;
  }
  return deleted;
}

function updateChunk(
  map: BpfMap,
  keys: Uint8Array,
  values: Uint8Array,
  mode: UpdateMode,
): 'done' | 'no batches' {
  const count = Uint32Array.of(keys.length / map.info.keySize);
  const opts = { sz: OPTS_SIZE.mapBatch, elem_flags: UPDATE_FLAGS[mode] };
  const result = native().updateBatch(map.fd.value, keys, values, count, opts);
  if (result >= 0) return 'done';
  if (NO_BATCH.includes(result)) return 'no batches';
  throw errorFromErrno(result, `updating ${map.fd.what}`);
}

function updateSingly(
  map: BpfMap,
  keys: Uint8Array,
  values: Uint8Array,
  mode: UpdateMode,
  from: number,
): void {
  const total = keys.length / map.info.keySize;
  for (let index = from; index < total; index += 1) {
    map.update(
      slice(keys, map.info.keySize, index, index + 1),
      slice(values, map.valueBytes, index, index + 1),
      mode,
    );
  }
}

function deleteSingly(map: BpfMap, keys: Uint8Array): number {
  let deleted = 0;
  for (let at = 0; at < keys.length; at += map.info.keySize) {
    if (map.delete(keys.subarray(at, at + map.info.keySize))) deleted += 1;
  }
  return deleted;
}

function slice(bytes: Uint8Array, size: number, from: number, to: number): Uint8Array {
  return bytes.subarray(from * size, to * size);
}
