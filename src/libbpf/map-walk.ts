import { errorFromErrno } from './bpf-error.ts';
import { ERRNO } from './errno.ts';
import type { BpfMap } from './map.ts';
import { native } from './native.ts';

/** Some entries of a map, side by side. */
export interface MapChunk {
  readonly count: number;
  /** `count` keys of `info.keySize` bytes. */
  readonly keys: Buffer;
  /** `count` values of `valueBytes` bytes. */
  readonly values: Buffer;
}

/** Options of {@link walkMap}. */
export interface WalkOptions {
  /** Entries a call; grows by itself where the kernel needs more room. Default 4096. */
  readonly chunkEntries?: number;
  /** Ends the walk between two chunks, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Where a walk stands: how many entries to ask for, and the kernel's token of the last call. */
interface Cursor {
  readonly capacity: number;
  readonly token: Buffer | null;
}

interface Step {
  readonly chunk: MapChunk;
  /** Undefined at the end of the map. */
  readonly next: Cursor | undefined;
}

/** Results that mean: this kind of map, or this kernel, has no batches. */
const NO_BATCH: readonly number[] = [-ERRNO.EINVAL, -ERRNO.ENOTSUPP, -ERRNO.EOPNOTSUPP];

/**
 * Walks a whole map in chunks on a worker thread, so that the event loop keeps turning. Each chunk has buffers of
 * its own. While others write, entries may be left out; none is torn within one CPU's value by the copy itself.
 * Falls back to single calls where the kernel has no batches for this kind of map.
 */
export async function* walkMap(map: BpfMap, options: WalkOptions = {}): AsyncGenerator<MapChunk, void, void> {
  const chunkEntries = options.chunkEntries ?? 4096;
  let cursor: Cursor | undefined = { capacity: chunkEntries, token: null };
  while (cursor !== undefined) {
    options.signal?.throwIfAborted();
    const step: Step | 'no batches' = await nextChunk(map, cursor);
    if (step === 'no batches') return yield* walkSingly(map, chunkEntries, options.signal);
    if (step.chunk.count > 0) yield step.chunk;
    cursor = step.next;
  }
}

async function nextChunk(map: BpfMap, cursor: Cursor): Promise<Step | 'no batches'> {
  const keys = Buffer.allocUnsafeSlow(cursor.capacity * map.info.keySize);
  const values = Buffer.allocUnsafeSlow(cursor.capacity * map.valueBytes);
  const token = Buffer.alloc(Math.max(8, map.info.keySize));
  const count = Uint32Array.of(cursor.capacity);
  const result = await lookupBatch(map, cursor.token, token, keys, values, count);
  if (result === -ERRNO.ENOSPC) {
    return { chunk: trim(map, keys, values, 0), next: { ...cursor, capacity: cursor.capacity * 2 } };
  }
  if (cursor.token === null && NO_BATCH.includes(result)) return 'no batches';
  if (result < 0 && result !== -ERRNO.ENOENT) throw errorFromErrno(result, `walking ${map.fd.what}`);
  const next = result === -ERRNO.ENOENT ? undefined : { ...cursor, token };
  return { chunk: trim(map, keys, values, count[0] ?? 0), next };
}

function lookupBatch(
  map: BpfMap,
  inToken: Buffer | null,
  outToken: Buffer,
  keys: Buffer,
  values: Buffer,
  count: Uint32Array,
): Promise<number> {
  return map.fd.hold(
    (fd) =>
      new Promise((resolve, reject) => {
        native().lookupBatch.async(
          fd,
          inToken,
          outToken,
          keys,
          values,
          count,
          null,
          (error: unknown, result) => {
            if (error) reject(error);
            else resolve(result);
          },
        );
      }),
  );
}

function trim(map: BpfMap, keys: Buffer, values: Buffer, count: number): MapChunk {
  return {
    count,
    keys: keys.subarray(0, count * map.info.keySize),
    values: values.subarray(0, count * map.valueBytes),
  };
}

async function* walkSingly(
  map: BpfMap,
  chunkEntries: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<MapChunk, void, void> {
  let entries: { readonly key: Buffer; readonly value: Buffer }[] = [];
  for (const key of map.keys()) {
    const value = map.lookup(key);
    if (value !== null) entries.push({ key, value });
    if (entries.length < chunkEntries) continue;
    signal?.throwIfAborted();
    yield joinEntries(entries);
    entries = [];
    await new Promise(setImmediate);
  }
  if (entries.length > 0) yield joinEntries(entries);
}

function joinEntries(entries: readonly { readonly key: Buffer; readonly value: Buffer }[]): MapChunk {
  return {
    count: entries.length,
    keys: Buffer.concat(entries.map(({ key }) => key)),
    values: Buffer.concat(entries.map(({ value }) => value)),
  };
}
