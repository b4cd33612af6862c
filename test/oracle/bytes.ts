/** Numbers in network order, and the sums of RFC 1071. Slow and plain on purpose. */

/** The 16-bit number at `offset`; 0 for what lies beyond the end. */
export function u16(bytes: Uint8Array, offset: number): number {
  return (bytes[offset] ?? 0) * 0x100 + (bytes[offset + 1] ?? 0);
}

/** The 32-bit number at `offset`; 0 for what lies beyond the end. */
export function u32(bytes: Uint8Array, offset: number): number {
  return u16(bytes, offset) * 0x10000 + u16(bytes, offset + 2);
}

/** Stores a 16-bit number. */
export function put16(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >> 8;
  bytes[offset + 1] = value & 0xff;
}

/** Stores a 32-bit number. */
export function put32(bytes: Uint8Array, offset: number, value: number): void {
  put16(bytes, offset, Math.floor(value / 0x10000));
  put16(bytes, offset + 2, value % 0x10000);
}

/** Sum of the 16-bit words of [from, to), an odd last byte being the upper half of a word. */
export function sumOf(bytes: Uint8Array, from: number, to: number): number {
  let sum = 0;
  for (let at = from; at < to; at += 2) {
    sum += (bytes[at] ?? 0) * 0x100 + (at + 1 < to ? (bytes[at + 1] ?? 0) : 0);
  }
  return sum;
}

/** `value` in 0..65534, for arithmetic modulo 65535: what one's complement sums do. */
export function modulo(value: number): number {
  return ((value % 0xffff) + 0xffff) % 0xffff;
}

/** Writes the hexadecimal digits of `hex` at `offset`. */
export function putHex(bytes: Uint8Array, offset: number, hex: string): void {
  bytes.set(Buffer.from(hex, 'hex'), offset);
}

/** The bytes of [from, to) as hexadecimal digits. */
export function hexOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('hex');
}
