import { type BpfMap, type MapChunk, walkMap } from '../libbpf/index.ts';

/** Makes something of one row of a table. */
type Decode<T> = (key: Buffer, value: Buffer) => T;

/** Every row of a table, decoded. @throws BpfError when the kernel refuses to tell */
export async function rows<T>(map: BpfMap, decode: Decode<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const chunk of walkMap(map)) {
    for (let row = 0; row < chunk.count; row++) found.push(decode(keyAt(chunk, row), valueAt(chunk, row)));
  }
  return found;
}

/**
 * The rows of an array that hold something. An array has all the rows that it may ever need, and most of them are zero: to
 * decode those too would take longer than everything else that a start does here.
 * @throws BpfError when the kernel refuses to tell
 */
export async function filledRows<T>(map: BpfMap, decode: Decode<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const chunk of walkMap(map)) {
    if (isZero(chunk.values)) continue;
    for (let row = 0; row < chunk.count; row++) {
      const value = valueAt(chunk, row);
      if (!isZero(value)) found.push(decode(keyAt(chunk, row), value));
    }
  }
  return found;
}

function keyAt({ keys, count }: MapChunk, row: number): Buffer {
  return part(keys, keys.length / count, row);
}

function valueAt({ values, count }: MapChunk, row: number): Buffer {
  return part(values, values.length / count, row);
}

function part(bytes: Buffer, size: number, index: number): Buffer {
  return bytes.subarray(index * size, (index + 1) * size);
}

/** The first byte is, and each other is as the one before. */
function isZero(bytes: Buffer): boolean {
  return bytes.length === 0 || (bytes[0] === 0 && bytes.subarray(1).equals(bytes.subarray(0, -1)));
}
