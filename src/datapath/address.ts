import ipaddr from 'ipaddr.js';

/** Bytes 0-11 of an IPv4 address that is mapped into IPv6 (RFC 4291, 2.5.5.2). */
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
  return { bytes: encodeAddress(network.toString()), bits: network.kind() === 'ipv4' ? bits + 96 : bits };
}

/** The canonical CIDR of a prefix. */
export function decodePrefix(bytes: Uint8Array, bits: number): string {
  return `${decodeAddress(bytes)}/${isMappedV4(bytes) && bits >= 96 ? bits - 96 : bits}`;
}

function isMappedV4(bytes: Uint8Array): boolean {
  return V4_PREFIX.every((byte, index) => byte === bytes[index]);
}
