/** ICMP errors about packets of our flows (RFC 792, RFC 4443): turned back to the one who sent the quoted packet. */

import { hexOf, put32, u16, u32 } from './bytes.ts';
import { type Coverage, mend, pseudoSum } from './checksum.ts';
import { fragmentHeader } from './extension-headers.ts';
import { find } from './flows.ts';
import { proxyHeader } from './late/proxy-header.ts';
import { type HexTuple, type Packet, turned } from './packet.ts';
import type { Left } from './parse.ts';
import { type IpPlace, mendIpHeader, mendTransport, setAddresses, setPorts, setTtl } from './rewrite.ts';
import type { Half, Tables } from './tables.ts';

const ICMP_HEADER = 8;
/** Of the transport header at least the ports are quoted, and four bytes more. */
const LEAST_QUOTE = 8;
/** How deep in the frame a quoted header may begin: a limit of the data path. */
const DEEPEST_HEADER = 1023;
const ICMPV6 = 58;
const V4_ERRORS = [3, 11, 12]; // unreachable, time exceeded, parameter problem
const V6_ERRORS = [1, 2, 3, 4]; // unreachable, too big, time exceeded, parameter problem

/** The packet that an error is about. */
interface Quoted extends IpPlace {
  readonly protocol: 'tcp' | 'udp';
  readonly tuple: HexTuple;
}

/** A translated error: where its outer packet goes, and its frame. */
export interface Translation {
  readonly routed: Pick<Half, 'direction' | 'snat' | 'local' | 'out'>;
  readonly frame: (ttlStep: 0 | 1) => Uint8Array;
}

/** Translates an error, or says why it is left alone. */
export function translateError(tables: Tables, packet: Packet, readable: number): Translation | Left {
  const quoted = quotedIn(packet, readable);
  if ('left' in quoted) return quoted;
  // An error goes to the sender of what it quotes. Another one is not about what we have sent.
  const isToSender = packet.tuple.destination === quoted.tuple.source;
  const about = turned(quoted.tuple);
  const half = find(tables.flows, quoted.protocol, about) ?? find(tables.pending, quoted.protocol, about);
  if (!half || !isToSender) return { left: 'passed_no_listener' };
  const isFromPeer = packet.tuple.source === quoted.tuple.destination;
  const source = isFromPeer ? half.out.source : packet.tuple.source;
  const out = { ...packet.tuple, source, destination: half.out.destination };
  return { routed: { ...half, out }, frame: (ttlStep) => translated(packet, quoted, half, out, ttlStep) };
}

function quotedIn(packet: Packet, readable: number): Quoted | Left {
  if (packet.part !== 'whole') return { left: 'passed_other_protocol' };
  const { frame, l4, end, v4 } = packet;
  if (l4 + ICMP_HEADER > Math.min(end, readable)) return { left: 'passed_malformed' };
  const errors = v4 ? V4_ERRORS : V6_ERRORS;
  if (!errors.includes(frame[l4] ?? -1)) return { left: 'passed_other_protocol' };
  const header = v4 ? quotedV4(packet, readable) : quotedV6(packet, readable);
  if ('left' in header) return header;
  const { number, l3 } = header;
  if (number !== 6 && number !== 17) return { left: 'passed_other_protocol' };
  const isCut = header.l4 + LEAST_QUOTE > Math.min(end, readable);
  if (isCut || header.l4 > DEEPEST_HEADER) return { left: 'passed_malformed' };
  const from = l3 + (v4 ? 12 : 8);
  const size = v4 ? 4 : 16;
  const tuple = {
    source: hexOf(frame, from, from + size),
    sourcePort: u16(frame, header.l4),
    destination: hexOf(frame, from + size, from + 2 * size),
    destinationPort: u16(frame, header.l4 + 2),
  };
  return { v4, l3, l4: header.l4, end, protocol: number === 6 ? 'tcp' : 'udp', tuple };
}

interface QuotedHeader {
  readonly l3: number;
  readonly l4: number;
  readonly number: number;
}

function quotedV4({ frame, l4, end }: Packet, readable: number): QuotedHeader | Left {
  const l3 = l4 + ICMP_HEADER;
  const first = frame[l3] ?? 0;
  const headerLength = (first & 0x0f) * 4;
  if (l3 + 20 > Math.min(end, readable) || first >> 4 !== 4 || headerLength < 20) {
    return { left: 'passed_malformed' };
  }
  if ((u16(frame, l3 + 6) & 0x1fff) !== 0) return { left: 'passed_unknown_fragment' };
  return { l3, l4: l3 + headerLength, number: frame[l3 + 9] ?? 0 };
}

function quotedV6({ frame, l4, end }: Packet, readable: number): QuotedHeader | Left {
  const l3 = l4 + ICMP_HEADER;
  const isCut = l3 + 40 > Math.min(end, readable) || l3 > DEEPEST_HEADER;
  if (isCut || (frame[l3] ?? 0) >> 4 !== 6) return { left: 'passed_malformed' };
  const number = frame[l3 + 6] ?? 0;
  if (number !== 44) return { l3, l4: l3 + 40, number };
  const start = { number, l4: l3 + 40, part: 'whole', fragmentId: 0 } as const;
  const chain = fragmentHeader(frame, start, Math.min(end, readable));
  if (!chain) return { left: 'passed_other_protocol' };
  if (chain.part === 'later') return { left: 'passed_unknown_fragment' };
  return { l3, l4: chain.l4, number: chain.number };
}

/** The frame with the quoted packet as its sender had sent it, and the outer addresses of `out`. */
function translated(packet: Packet, quoted: Quoted, half: Half, out: HexTuple, ttlStep: 0 | 1): Uint8Array {
  const { frame: before } = packet;
  const after = Uint8Array.from(before);
  const original = turned(half.out);
  setAddresses(after, quoted, original);
  setPorts(after, quoted.l4, original);
  // A reply of a flow that was bound late went to the client with another number.
  if (half.late && half.direction === 'forward') {
    put32(after, quoted.l4 + 4, (u32(after, quoted.l4 + 4) + half.late.ackDelta) % 2 ** 32);
  }
  // A SYN to a target that gets a header came from the client with another number.
  if (half.header && !half.late && half.direction === 'reply' && half.state === 'syn') {
    const { length } = proxyHeader(turned(half.out));
    put32(after, quoted.l4 + 4, (u32(after, quoted.l4 + 4) + length) % 2 ** 32);
  }
  mendIpHeader(before, after, quoted);
  // TCP's checksum lies beyond the bytes that must be quoted, and stays as it is.
  if (quoted.protocol === 'udp') mendTransport(before, after, quoted, 'udp', false);
  setTtl(after, packet, packet.ttl - ttlStep);
  setAddresses(after, packet, out);
  mendIpHeader(before, after, packet);
  const covered = (bytes: Uint8Array): Coverage => ({
    bytes,
    from: packet.l4,
    to: packet.end,
    pseudo: packet.v4 ? 0 : pseudoSum(bytes, packet, ICMPV6),
  });
  mend(covered(before), covered(after), { at: packet.l4 + 2 });
  return after;
}
