/** The key of an array map, or of any map that is keyed by a number: 4 bytes, little-endian. */
export function u32Key(value: number): Buffer {
  const key = Buffer.alloc(4);
  key.writeUInt32LE(value);
  return key;
}
