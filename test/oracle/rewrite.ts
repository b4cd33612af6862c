/** Turning a packet that came in into the one that goes out. */

import type { LateRow } from '../engines/index.ts';
import { put16, putHex } from './bytes.ts';
import { type Coverage, mend, mendPartial, pseudoSum } from './checksum.ts';
import { translate } from './late/translate.ts';
import type { HexTuple, Packet } from './packet.ts';
import type { Half } from './tables.ts';

/** Numbers of the protocols (IANA), and where their checksum fields are. */
const TRANSPORT = {
  tcp: { number: 6, field: 16, zeroMeansNone: false },
  udp: { number: 17, field: 6, zeroMeansNone: true },
} as const;

/** An IP packet in a frame or in the quote of an ICMP error. */
export interface IpPlace {
  readonly v4: boolean;
  readonly l3: number;
  readonly l4: number;
  readonly end: number;
}

/** How a packet is to be rewritten. */
export interface Rewrite {
  readonly out: HexTuple;
  /** What the TTL goes down by. */
  readonly ttlStep: 0 | 1;
  /** The transport checksum holds the pseudo-header's sum only. */
  readonly partial: boolean;
  /** The flow was bound late. */
  readonly late?: LateRow | undefined;
  readonly direction?: Half['direction'];
}

/** The frame of a TCP or UDP packet or fragment after its rewrite. */
export function rewritten(packet: Packet, { out, ttlStep, partial, late, direction }: Rewrite): Uint8Array {
  const after = Uint8Array.from(packet.frame);
  setTtl(after, packet, packet.ttl - ttlStep);
  setAddresses(after, packet, out);
  if (packet.part !== 'later' && packet.protocol !== 'icmp') {
    setPorts(after, packet.l4, out);
    if (late && direction) translate(after, packet, late, direction);
    mendTransport(packet.frame, after, packet, packet.protocol, partial);
  }
  mendIpHeader(packet.frame, after, packet);
  return after;
}

/** Stores the addresses of an IP packet. */
export function setAddresses(frame: Uint8Array, ip: IpPlace, tuple: HexTuple): void {
  putHex(frame, ip.l3 + (ip.v4 ? 12 : 8), tuple.source + tuple.destination);
}

/** Stores the ports of a transport header. */
export function setPorts(frame: Uint8Array, l4: number, tuple: HexTuple): void {
  put16(frame, l4, tuple.sourcePort);
  put16(frame, l4 + 2, tuple.destinationPort);
}

/** Stores the TTL or hop limit. */
export function setTtl(frame: Uint8Array, ip: IpPlace, ttl: number): void {
  frame[ip.l3 + (ip.v4 ? 8 : 7)] = ttl;
}

/** Stores destination and source MAC address. */
export function setMacs(frame: Uint8Array, destination: string, source: string): void {
  putHex(frame, 0, destination + source);
}

/** Mends the header checksum of IPv4; IPv6 has none. */
export function mendIpHeader(before: Uint8Array, after: Uint8Array, ip: IpPlace): void {
  if (!ip.v4) return;
  const covered = (bytes: Uint8Array): Coverage => ({ bytes, from: ip.l3, to: ip.l4, pseudo: 0 });
  mend(covered(before), covered(after), { at: ip.l3 + 10 });
}

/** Mends the checksum of TCP or UDP. */
export function mendTransport(
  before: Uint8Array,
  after: Uint8Array,
  ip: IpPlace,
  protocol: 'tcp' | 'udp',
  partial: boolean,
): void {
  const { number, field, zeroMeansNone } = TRANSPORT[protocol];
  const covered = (bytes: Uint8Array): Coverage => ({
    bytes,
    from: ip.l4,
    to: ip.end,
    pseudo: pseudoSum(bytes, ip, number),
  });
  const how = partial ? mendPartial : mend;
  how(covered(before), covered(after), { at: ip.l4 + field, zeroMeansNone });
}
