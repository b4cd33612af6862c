import { isMapped } from './address.ts';
import { hexOf, u16, u32 } from './bytes.ts';
import { type Chain, walkExtensionHeaders } from './extension-headers.ts';
import type { HexTuple, Packet, Part, Segment, Upper } from './packet.ts';

/** A frame that is not for the balancer, and why. */
export interface Left {
  readonly left: string;
}

/** What is known of a frame besides its bytes. */
export interface FrameFacts {
  /** How many of its first bytes can be read. */
  readonly readable: number;
  /** It will be cut into segments when it is sent, so a length field of 0 means "all of it" (beyond 64 KiB). */
  readonly gso: boolean;
}

const ETHERNET = 14;
const IPV4 = 20;
const IPV6 = 40;
const TCP = 20;
const UDP = 8;
const MALFORMED: Left = { left: 'passed_malformed' };

/** Whether parsing gave a packet. */
export function isPacket(parsed: Packet | Left): parsed is Packet {
  return !('left' in parsed);
}

/** Reads a frame: RFC 791, 8200, 9293, 768. What is not a whole, sound TCP, UDP or ICMP packet is left alone. */
export function parseFrame(frame: Uint8Array, facts: FrameFacts): Packet | Left {
  if (facts.readable < ETHERNET) return MALFORMED;
  const etherType = u16(frame, 12);
  if (etherType === 0x0800) return parseIpv4(frame, facts);
  if (etherType === 0x86dd) return parseIpv6(frame, facts);
  if (etherType === 0x8100 || etherType === 0x88a8) return { left: 'passed_vlan' };
  return { left: 'passed_not_ip' };
}

function parseIpv4(frame: Uint8Array, facts: FrameFacts): Packet | Left {
  const first = frame[ETHERNET] ?? 0;
  if (facts.readable < ETHERNET + IPV4 || first >> 4 !== 4) return MALFORMED;
  const room = frame.length - ETHERNET;
  const headerLength = (first & 0x0f) * 4;
  const announced = u16(frame, ETHERNET + 2);
  const length = announced === 0 && facts.gso ? room : announced;
  if (headerLength < IPV4 || length < headerLength || length > room) return MALFORMED;
  const fragment = u16(frame, ETHERNET + 6);
  const isFragment = (fragment & 0x3fff) !== 0;
  return withTransport(frame, facts, {
    v4: true,
    number: frame[ETHERNET + 9] ?? 0,
    part: (fragment & 0x1fff) !== 0 ? 'later' : isFragment ? 'first' : 'whole',
    fragmentId: isFragment ? u16(frame, ETHERNET + 4) : 0,
    l4: ETHERNET + headerLength,
    end: ETHERNET + length,
    ttl: frame[ETHERNET + 8] ?? 0,
    source: hexOf(frame, ETHERNET + 12, ETHERNET + 16),
    destination: hexOf(frame, ETHERNET + 16, ETHERNET + 20),
  });
}

function parseIpv6(frame: Uint8Array, facts: FrameFacts): Packet | Left {
  if (facts.readable < ETHERNET + IPV6 || (frame[ETHERNET] ?? 0) >> 4 !== 6) return MALFORMED;
  const room = frame.length - ETHERNET - IPV6;
  const announced = u16(frame, ETHERNET + 4);
  const length = announced === 0 && facts.gso ? room : announced;
  if (length > room) return MALFORMED;
  const source = hexOf(frame, ETHERNET + 8, ETHERNET + 24);
  const destination = hexOf(frame, ETHERNET + 24, ETHERNET + 40);
  // Never on the wire.
  if (isMapped(source) || isMapped(destination)) return MALFORMED;
  const end = ETHERNET + IPV6 + length;
  const chain = walkExtensionHeaders(frame, ETHERNET + IPV6, frame[ETHERNET + 6] ?? 0, {
    end,
    readable: facts.readable,
  });
  if ('left' in chain) return chain;
  const ttl = frame[ETHERNET + 7] ?? 0;
  return withTransport(frame, facts, { v4: false, end, ttl, source, destination, ...chain });
}

interface Ip extends Chain {
  readonly v4: boolean;
  readonly end: number;
  readonly ttl: number;
  readonly source: string;
  readonly destination: string;
}

function withTransport(frame: Uint8Array, facts: FrameFacts, ip: Ip): Packet | Left {
  const protocol = upperOf(ip);
  if (!protocol) return { left: 'passed_other_protocol' };
  const { source, destination, number: _, ...rest } = ip;
  const common = { frame, l3: ETHERNET, protocol, ...rest };
  const portless: HexTuple = { source, sourcePort: 0, destination, destinationPort: 0 };
  if (protocol === 'icmp' || ip.part === 'later') return { ...common, tuple: portless, l4HeaderLength: 0 };
  const l4HeaderLength = transportHeaderLength(frame, facts, protocol, ip);
  if (l4HeaderLength === undefined) return MALFORMED;
  const tuple = { ...portless, sourcePort: u16(frame, ip.l4), destinationPort: u16(frame, ip.l4 + 2) };
  const tcp = protocol === 'tcp' ? { tcp: segmentAt(frame, ip.l4) } : {};
  return { ...common, tuple, l4HeaderLength, ...tcp };
}

/** Bytes of the TCP or UDP header; undefined if it is not whole, or says what cannot be. */
function transportHeaderLength(
  frame: Uint8Array,
  facts: FrameFacts,
  protocol: Upper,
  ip: { readonly l4: number; readonly end: number; readonly part: Part },
): number | undefined {
  const least = protocol === 'tcp' ? TCP : UDP;
  if (ip.l4 + least > ip.end || ip.l4 + least > facts.readable) return undefined;
  if (protocol === 'tcp') {
    const length = ((frame[ip.l4 + 12] ?? 0) >> 4) * 4;
    return length < TCP || ip.l4 + length > ip.end ? undefined : length;
  }
  const datagram = u16(frame, ip.l4 + 4);
  const tooLong = ip.part === 'whole' && ip.l4 + datagram > ip.end;
  return datagram < UDP || tooLong ? undefined : UDP;
}

function upperOf(ip: { readonly number: number; readonly v4: boolean }): Upper | undefined {
  if (ip.number === 6) return 'tcp';
  if (ip.number === 17) return 'udp';
  return ip.number === (ip.v4 ? 1 : 58) ? 'icmp' : undefined;
}

function segmentAt(frame: Uint8Array, l4: number): Segment {
  const flags = frame[l4 + 13] ?? 0;
  return {
    sequence: u32(frame, l4 + 4),
    acknowledgement: u32(frame, l4 + 8),
    fin: (flags & 0x01) !== 0,
    syn: (flags & 0x02) !== 0,
    rst: (flags & 0x04) !== 0,
    ack: (flags & 0x10) !== 0,
  };
}
