import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  BpfError,
  type BpfMap,
  BpfObject,
  deleteBatch,
  possibleCpus,
  updateBatch,
  type WalkOptions,
  walkMap,
} from '../../src/libbpf/index.ts';
import { beside, compileBpf } from './compile.ts';

const MANY = 50_000;
/** Index of `lo` in every network namespace. */
const LOOPBACK = 1;

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

function keysUpTo(count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, index) => u32(index)));
}

function valuesUpTo(count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, (_, index) => u64(index * 3)));
}

async function collect(map: BpfMap, options?: WalkOptions): Promise<Map<number, bigint>> {
  const found = new Map<number, bigint>();
  for await (const { count, keys, values } of walkMap(map, options)) {
    for (let index = 0; index < count; index += 1) {
      found.set(keys.readUInt32LE(index * 4), values.readBigUInt64LE(index * map.valueBytes));
    }
  }
  return found;
}

describe('a BPF map', () => {
  let object: BpfObject;

  beforeAll(() => {
    using compiled = compileBpf(beside('maps.bpf.c'));
    object = BpfObject.open(compiled.path);
    object.load();
  });

  afterAll(() => object.close());

  it('gives back what was written, byte for byte', () => {
    using map = object.openMap('test_hash');
    const value = Buffer.from('fedcba9876543210', 'hex');
    map.update(u32(77), value);
    expect(map.lookup(u32(77))).toEqual(value);
    expect(map.delete(u32(77))).toBe(true);
    expect(map.delete(u32(77))).toBe(false);
    expect(map.lookup(u32(77))).toBeNull();
  });

  it('keeps to the update mode', () => {
    using map = object.openMap('test_hash');
    expect(() => map.update(u32(1), u64(1), 'exist')).toThrow(expect.objectContaining({ code: 'not_found' }));
    map.update(u32(1), u64(1), 'create');
    expect(() => map.update(u32(1), u64(2), 'create')).toThrow(expect.objectContaining({ code: 'exists' }));
    map.update(u32(1), u64(2), 'exist');
    expect(map.lookup(u32(1))).toEqual(u64(2));
    map.delete(u32(1));
  });

  it('refuses keys and values of the wrong size before the kernel reads beyond them', () => {
    using map = object.openMap('test_hash');
    expect(() => map.lookup(Buffer.alloc(3))).toThrow('the key for map test_hash has 3 bytes instead of 4');
    expect(() => map.update(u32(1), Buffer.alloc(4))).toThrow(
      'value for map test_hash has 4 bytes instead of 8',
    );
    expect(() => updateBatch(map, Buffer.alloc(6), Buffer.alloc(8))).toThrow(BpfError);
  });

  it('says that it is full', () => {
    using map = object.openMap('test_array');
    expect(() => map.update(u32(4), u64(1))).toThrow(
      expect.objectContaining({ code: 'full', errnoName: 'E2BIG' }),
    );
  });

  it('lists the keys of a small map, also while they are deleted', () => {
    using map = object.openMap('test_hash');
    updateBatch(map, keysUpTo(10), valuesUpTo(10));
    const seen: number[] = [];
    for (const key of map.keys()) {
      seen.push(key.readUInt32LE());
      map.delete(key);
    }
    expect(seen.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(map.nextKey(null)).toBeNull();
  });

  it.each(['test_hash', 'test_lru'])(
    'walks 50,000 entries of %s without holding the event loop',
    async (name) => {
      using map = object.openMap(name);
      updateBatch(map, keysUpTo(MANY), valuesUpTo(MANY));
      const delay = monitorEventLoopDelay({ resolution: 1 });
      delay.enable();
      const found = await collect(map);
      delay.disable();
      expect(found.size).toBe(MANY);
      expect(found.get(49_999)).toBe(149_997n);
      expect(delay.max / 1e6).toBeLessThan(250);
      expect(deleteBatch(map, keysUpTo(MANY))).toBe(MANY);
      expect((await collect(map)).size).toBe(0);
    },
  );

  it('grows its chunks when a bucket holds more than one chunk', async () => {
    using map = object.openMap('test_hash');
    updateBatch(map, keysUpTo(5000), valuesUpTo(5000));
    expect((await collect(map, { chunkEntries: 1 })).size).toBe(5000);
    deleteBatch(map, keysUpTo(5000));
  });

  it('walks an array by index', async () => {
    using map = object.openMap('test_array');
    map.update(u32(2), u64(22));
    const found = await collect(map, { chunkEntries: 3 });
    expect([...found.keys()]).toEqual([0, 1, 2, 3]);
    expect(found.get(2)).toBe(22n);
  });

  it('reads and writes one value a CPU', async () => {
    using map = object.openMap('test_percpu');
    expect(map.valueBytes).toBe(possibleCpus() * 8);
    const values = Buffer.alloc(map.valueBytes);
    for (let cpu = 0; cpu < possibleCpus(); cpu += 1) values.writeUInt32LE(100 + cpu, cpu * 8);
    map.update(u32(1), values);
    expect(map.lookup(u32(1))).toEqual(values);
    const chunks = [];
    for await (const chunk of walkMap(map)) chunks.push(chunk);
    expect(chunks.map(({ count }) => count)).toEqual([3]);
    expect(chunks[0]?.values.subarray(map.valueBytes, 2 * map.valueBytes)).toEqual(values);
  });

  it('finds the longest prefix, and walks a trie', async () => {
    using map = object.openMap('test_lpm');
    const key = (length: number, ...address: number[]): Buffer =>
      Buffer.concat([u32(length), Buffer.from(address)]);
    map.update(key(8, 10, 0, 0, 0), u32(8));
    map.update(key(24, 10, 1, 2, 0), u32(24));
    expect(map.lookup(key(32, 10, 1, 2, 3))).toEqual(u32(24));
    expect(map.lookup(key(32, 10, 9, 9, 9))).toEqual(u32(8));
    expect(map.lookup(key(32, 11, 0, 0, 1))).toBeNull();
    let walked = 0;
    for await (const { count } of walkMap(map)) walked += count;
    expect(walked).toBe(2);
  });

  it('falls back to single calls for a kind that has no batches', async () => {
    using map = object.openMap('test_devmap');
    updateBatch(map, keysUpTo(2), Buffer.concat([u32(LOOPBACK), u32(LOOPBACK)]));
    const chunks = [];
    for await (const chunk of walkMap(map, { chunkEntries: 1 })) chunks.push(chunk);
    expect(chunks.map(({ values }) => values.readUInt32LE())).toEqual([LOOPBACK, LOOPBACK]);
    expect(deleteBatch(map, keysUpTo(3))).toBe(2);
  });

  it('skips keys that are not there when it deletes many', () => {
    using map = object.openMap('test_hash');
    updateBatch(map, Buffer.concat([u32(1), u32(3)]), Buffer.concat([u64(1), u64(3)]));
    expect(deleteBatch(map, keysUpTo(6))).toBe(2);
    expect(map.nextKey(null)).toBeNull();
  });

  it('ends a walk when its signal says so', async () => {
    using map = object.openMap('test_array');
    const abort = new AbortController();
    abort.abort(new Error('enough'));
    await expect(collect(map, { signal: abort.signal })).rejects.toThrow('enough');
  });

  it('survives being closed in the middle of a walk', async () => {
    const map = object.openMap('test_hash');
    updateBatch(map, keysUpTo(MANY), valuesUpTo(MANY));
    const walk = collect(map, { chunkEntries: 10_000 });
    map.close();
    await expect(walk).rejects.toThrow('map test_hash was closed before');
    using again = object.openMap('test_hash');
    deleteBatch(again, keysUpTo(MANY));
  });
});
