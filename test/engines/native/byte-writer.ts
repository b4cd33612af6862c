const FIRST_ROOM = 4096;

/** Little-endian bytes, one after another. */
export interface ByteWriter {
  u8(value: number): void;
  u16(value: number): void;
  u32(value: number): void;
  u64(value: bigint): void;
  bytes(value: Uint8Array): void;
  /** What was written, with its length as a u32 in front. */
  framed(): Buffer;
}

/** An empty writer. Numbers out of range throw RangeError. */
export function byteWriter(): ByteWriter {
  let room = Buffer.allocUnsafe(FIRST_ROOM);
  let length = 4;
  const next = (size: number): number => {
    if (length + size > room.length) {
      const larger = Buffer.allocUnsafe((length + size) * 2);
      room.copy(larger, 0, 0, length);
      room = larger;
    }
    length += size;
    return length - size;
  };
  return {
    u8: (value) => {
      const at = next(1);
      room.writeUInt8(value, at);
    },
    u16: (value) => {
      const at = next(2);
      room.writeUInt16LE(value, at);
    },
    u32: (value) => {
      const at = next(4);
      room.writeUInt32LE(value, at);
    },
    u64: (value) => {
      const at = next(8);
      room.writeBigUInt64LE(value, at);
    },
    bytes: (value) => {
      const at = next(value.length);
      room.set(value, at);
    },
    framed: () => {
      room.writeUInt32LE(length - 4, 0);
      return room.subarray(0, length);
    },
  };
}
