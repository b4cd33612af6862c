/** Reads little-endian bytes, one after another. Beyond the end it throws RangeError. */
export interface ByteReader {
  u8(): number;
  u32(): number;
  i32(): number;
  i64(): bigint;
  u64(): bigint;
  /** A view of the next bytes. */
  bytes(length: number): Buffer;
  /** The next bytes as a string of as many characters, of which the order is that of the bytes. */
  latin1(length: number): string;
  /** Bytes not yet read. */
  left(): number;
}

export function byteReader(buffer: Buffer): ByteReader {
  let offset = 0;
  const next = (size: number): number => {
    offset += size;
    if (offset > buffer.length) throw new RangeError(`${size} bytes wanted where the answer ends`);
    return offset - size;
  };
  return {
    u8: () => buffer.readUInt8(next(1)),
    u32: () => buffer.readUInt32LE(next(4)),
    i32: () => buffer.readInt32LE(next(4)),
    i64: () => buffer.readBigInt64LE(next(8)),
    u64: () => buffer.readBigUInt64LE(next(8)),
    bytes: (length) => {
      const at = next(length);
      return buffer.subarray(at, at + length);
    },
    latin1: (length) => {
      const at = next(length);
      return buffer.toString('latin1', at, at + length);
    },
    left: () => buffer.length - offset,
  };
}
