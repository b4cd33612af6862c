import type { FieldSpec } from './field.ts';

/** The headers, field by field, as their standards draw them. */

export const ETHERNET: readonly FieldSpec[] = [
  ['destination', 48, 'mac'],
  ['source', 48, 'mac'],
  ['type', 16, 'hex'],
];

/** IEEE 802.1Q. */
export const VLAN: readonly FieldSpec[] = [
  ['priority', 4],
  ['id', 12],
  ['type', 16, 'hex'],
];

/** RFC 791, 3.1. */
export const IPV4: readonly FieldSpec[] = [
  ['version', 4],
  ['ihl', 4],
  ['tos', 8],
  ['length', 16],
  ['id', 16],
  ['reserved', 1],
  ['dontFragment', 1],
  ['moreFragments', 1],
  ['fragmentOffset', 13],
  ['ttl', 8],
  ['protocol', 8],
  ['checksum', 16, 'hex'],
  ['source', 32, 'address'],
  ['destination', 32, 'address'],
];

/** RFC 8200, 3; the hop limit is called `ttl`, as in IPv4. */
export const IPV6: readonly FieldSpec[] = [
  ['version', 4],
  ['tos', 8],
  ['flowLabel', 20],
  ['length', 16],
  ['next', 8],
  ['ttl', 8],
  ['source', 128, 'address'],
  ['destination', 128, 'address'],
];

/** RFC 8200, 4.2. */
export const IPV6_OPTIONS: readonly FieldSpec[] = [
  ['next', 8],
  ['length', 8],
];

/** RFC 8200, 4.5. */
export const IPV6_FRAGMENT: readonly FieldSpec[] = [
  ['next', 8],
  ['reserved', 8],
  ['fragmentOffset', 13],
  ['reserved2', 2],
  ['moreFragments', 1],
  ['id', 32],
];

/** RFC 9293, 3.1. */
export const TCP: readonly FieldSpec[] = [
  ['sourcePort', 16],
  ['destinationPort', 16],
  ['sequence', 32],
  ['acknowledgement', 32],
  ['offset', 4],
  ['reserved', 4],
  ['flags', 8, 'flags'],
  ['window', 16],
  ['checksum', 16, 'hex'],
  ['urgent', 16],
];

/** RFC 768. */
export const UDP: readonly FieldSpec[] = [
  ['sourcePort', 16],
  ['destinationPort', 16],
  ['length', 16],
  ['checksum', 16, 'hex'],
];

/** RFC 792 and RFC 4443, 2.1. */
export const ICMP: readonly FieldSpec[] = [
  ['type', 8],
  ['code', 8],
  ['checksum', 16, 'hex'],
  ['rest', 32],
];
