import ipaddr from 'ipaddr.js';

/** Bits in front of an IPv4 address that is mapped into IPv6 (RFC 4291, 2.5.5.2), and the bytes that they are. */
export const V4_MAPPED_BITS = 96;
const V4_PREFIX = Buffer.from('00000000000000000000ffff', 'hex');

/** The 16 bytes by which the kernel's tables know an IPv4 or IPv6 address. The text must be a valid address. */
export function encodeAddress(text: string): Buffer {
  const parsed = ipaddr.parse(text);
  const bytes = Buffer.from(parsed.toByteArray());
  return bytes.length === 4 ? Buffer.concat([V4_PREFIX, bytes]) : bytes;
}

/** The canonical text of 16 bytes: dotted for mapped IPv4, RFC 5952 for IPv6. */
export function decodeAddress(bytes: Uint8Array): string {
  if (isMappedV4(bytes)) return `${bytes[12]}.${bytes[13]}.${bytes[14]}.${bytes[15]}`;
  return ipaddr.fromByteArray([...bytes]).toString();
}

/** A CIDR as the kernel's prefix tree wants it: 16 bytes and the bits that count (0-128). */
export function encodePrefix(cidr: string): { readonly bytes: Buffer; readonly bits: number } {
  const [network, bits] = ipaddr.parseCIDR(cidr);
  return {
    bytes: encodeAddress(network.toString()),
    bits: network.kind() === 'ipv4' ? bits + V4_MAPPED_BITS : bits,
  };
}

/** The canonical CIDR of a prefix. */
export function decodePrefix(bytes: Uint8Array, bits: number): string {
  return `${decodeAddress(bytes)}/${isMappedV4(bytes) && bits >= V4_MAPPED_BITS ? bits - V4_MAPPED_BITS : bits}`;
}

/** 16 bytes in which the first `bits` bits are set. */
export function encodeMask(bits: number): Buffer {
  const byte = (index: number) => Math.min(8, Math.max(0, bits - index * 8));
  return Buffer.from(Array.from({ length: 16 }, (_, index) => 0xff00 >> byte(index)));
}

/** How many bits a mask of {@link encodeMask} has. */
export function maskBits(mask: Uint8Array): number {
  return [...mask].reduce((bits, byte) => bits + byte.toString(2).replaceAll('0', '').length, 0);
}

function isMappedV4(bytes: Uint8Array): boolean {
  for (let index = 0; index < V4_PREFIX.length; index++) if (bytes[index] !== V4_PREFIX[index]) return false;
  return true;
}
