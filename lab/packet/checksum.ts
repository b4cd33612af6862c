/** The Internet checksum (RFC 1071) over parts that lie one after the other. */
export function internetChecksum(...parts: readonly Uint8Array[]): number {
  let sum = 0;
  let odd = false;
  for (const part of parts) {
    for (const byte of part) {
      sum += odd ? byte : byte << 8;
      odd = !odd;
    }
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

/** The pseudo header of TCP, UDP and ICMPv6 (RFC 9293 3.1, RFC 8200 8.1). */
export function pseudoHeader(
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  length: number,
): Uint8Array {
  const wide = source.length === 16;
  const tail = Buffer.alloc(wide ? 8 : 4);
  if (wide) {
    tail.writeUInt32BE(length, 0);
    tail.writeUInt8(protocol, 7);
  } else {
    tail.writeUInt8(protocol, 1);
    tail.writeUInt16BE(length, 2);
  }
  return Buffer.concat([source, destination, tail]);
}
