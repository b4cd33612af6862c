/**
 * Checksums after a rewrite. A checksum that was right is computed from scratch over the new bytes. One that was wrong
 * stays wrong by the same amount, which is what an incremental update (RFC 1624) gives and what lets the receiver
 * notice; both are the same formula: the sum over everything covered, the checksum included, does not change.
 *
 * What lies beyond the end of a fragment or of a quote cannot be summed, and need not: it does not change.
 */
import { modulo, put16, sumOf, u16 } from './bytes.ts';

/** The bytes that a checksum covers, in one frame. */
export interface Coverage {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** Sum of the pseudo-header; 0 where there is none. */
  readonly pseudo: number;
}

/** A checksum field: where it is, and how a zero is written. */
export interface Field {
  readonly at: number;
  /** UDP (RFC 768): a field of 0 means "none" and stays; a sum of 0 is sent as all ones. */
  readonly zeroMeansNone?: boolean;
}

/** Sets the field in `after` so that it is as right or wrong as it was in `before`. */
export function mend(before: Coverage, after: Coverage, field: Field): void {
  if (field.zeroMeansNone && u16(before.bytes, field.at) === 0) return;
  put16(after.bytes, field.at, 0);
  const value = modulo(total(before) - total(after));
  put16(after.bytes, field.at, value === 0 && field.zeroMeansNone ? 0xffff : value);
}

/** The same for a field that holds only the pseudo-header's sum, not inverted, until the rest is added on sending. */
export function mendPartial(before: Coverage, after: Coverage, field: Field): void {
  const old = u16(before.bytes, field.at);
  if (field.zeroMeansNone && old === 0) return;
  put16(after.bytes, field.at, modulo(old + after.pseudo - before.pseudo) || 0xffff);
}

/** Sum of the pseudo-header of TCP, UDP and ICMPv6 (RFC 9293, 3.1; RFC 8200, 8.1) of an IP packet. */
export function pseudoSum(
  bytes: Uint8Array,
  ip: { readonly v4: boolean; readonly l3: number; readonly l4: number; readonly end: number },
  protocolNumber: number,
): number {
  const from = ip.l3 + (ip.v4 ? 12 : 8);
  return sumOf(bytes, from, from + (ip.v4 ? 8 : 32)) + (ip.end - ip.l4) + protocolNumber;
}

/** The right checksum of bytes whose field is zero. */
export function checksumOf(coverage: Coverage): number {
  return modulo(-total(coverage));
}

function total({ bytes, from, to, pseudo }: Coverage): number {
  return pseudo + sumOf(bytes, from, to);
}
