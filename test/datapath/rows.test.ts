import { describe, expect, it } from 'vitest';
import { filledRows, rows } from '../../src/datapath/rows.ts';
import type { BpfMap } from '../../src/libbpf/index.ts';
import { useLoaded } from '../libbpf/compile.ts';

const number = (key: Buffer, value: Buffer) => [key.readUInt32LE(0), value.readBigUInt64LE(0)] as const;

describe('an array of the kernel', () => {
  const loaded = useLoaded();

  const written = (entries: Readonly<Record<number, bigint>>): BpfMap => {
    const map = loaded.object.openMap('test_array');
    for (const [index, value] of Object.entries(entries)) {
      const [key, bytes] = [Buffer.alloc(4), Buffer.alloc(8)];
      key.writeUInt32LE(Number(index));
      bytes.writeBigUInt64LE(value);
      map.update(key, bytes);
    }
    return map;
  };

  it('has a row for each index, and only those that hold something are filled', async () => {
    // A byte at either end of a value, and one like all the others.
    using map = written({ 0: 1n, 1: 0xffn << 56n, 3: 0x0101010101010101n });
    expect(await rows(map, number)).toHaveLength(4);
    expect(await filledRows(map, number)).toEqual([
      [0, 1n],
      [1, 0xff00000000000000n],
      [3, 0x0101010101010101n],
    ]);
  });

  it('of which nothing was written has no filled row', async () => {
    using map = written({});
    expect(await filledRows(map, number)).toEqual([]);
  });
});
