import ipaddr from 'ipaddr.js';

/** What a frame says of itself, as far as its first bytes are there. */
export interface FrameSummary {
  /** Bytes that are headers: what lies behind is payload. */
  readonly headerBytes: number;
  /** Absent: no IP. */
  readonly ip?: {
    readonly version: 4 | 6;
    readonly source: string;
    readonly destination: string;
    /** `tcp`, `udp`, `icmp`, `icmp6`, or the protocol's number. */
    readonly protocol: string;
    readonly ttl: number;
    /** It is a fragment, but not the first: it has no ports. */
    readonly isLaterFragment: boolean;
  };
  readonly ports?: { readonly source: number; readonly destination: number };
  readonly tcp?: { readonly flags: string; readonly sequence: number; readonly acknowledgement: number };
  readonly icmp?: { readonly type: number; readonly code: number };
}

const ETHERNET_BYTES = 14;
const ETHER_TYPES = { ipv4: 0x0800, ipv6: 0x86dd };
const IPV6_BYTES = 40;
const ICMP_BYTES = 8;
/** What of a quoted packet's transport header every ICMP error must have (RFC 792): ports, and no more of secrets. */
const QUOTED_TRANSPORT_BYTES = 8;
const MOST_EXTENSIONS = 4;
const PROTOCOL_NAMES: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmp6' };
const [HOP_BY_HOP, FRAGMENT, DESTINATION] = [0, 44, 60];
/** tcpdump's letters, by bit. */
const TCP_FLAGS = 'FSRP.UEW';

/** Reads the first bytes of a frame. What cannot be read is absent; it never throws. */
export function summariseFrame(frame: Uint8Array): FrameSummary {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  const place = bytes.length < ETHERNET_BYTES ? null : ipAt(bytes, ETHERNET_BYTES, bytes.readUInt16BE(12));
  if (place === null) return { headerBytes: Math.min(bytes.length, ETHERNET_BYTES) };
  const { transport, ...ip } = place;
  if (ip.isLaterFragment) return { headerBytes: transport, ip };
  return { ip, ...transportAt(bytes, transport, ip.protocol) };
}

function ipAt(bytes: Buffer, at: number, etherType: number) {
  if (etherType === ETHER_TYPES.ipv4 && bytes.length >= at + 20) return ipv4At(bytes, at);
  if (etherType === ETHER_TYPES.ipv6 && bytes.length >= at + IPV6_BYTES) return ipv6At(bytes, at);
  return null;
}

function ipv4At(bytes: Buffer, at: number) {
  return {
    version: 4 as const,
    source: addressOf(bytes.subarray(at + 12, at + 16)),
    destination: addressOf(bytes.subarray(at + 16, at + 20)),
    protocol: nameOf(bytes.readUInt8(at + 9)),
    ttl: bytes.readUInt8(at + 8),
    isLaterFragment: (bytes.readUInt16BE(at + 6) & 0x1fff) !== 0,
    transport: at + (bytes.readUInt8(at) & 15) * 4,
  };
}

function ipv6At(bytes: Buffer, at: number) {
  const chain = { next: bytes.readUInt8(at + 6), at: at + IPV6_BYTES, isLater: false };
  for (let step = 0; step < MOST_EXTENSIONS && chain.at + 8 <= bytes.length && !chain.isLater; step++) {
    const { next, at: here } = chain;
    if (next !== HOP_BY_HOP && next !== FRAGMENT && next !== DESTINATION) break;
    chain.next = bytes.readUInt8(here);
    chain.at += next === FRAGMENT ? 8 : (bytes.readUInt8(here + 1) + 1) * 8;
    chain.isLater = next === FRAGMENT && (bytes.readUInt16BE(here + 2) & 0xfff8) !== 0;
  }
  return {
    version: 6 as const,
    source: addressOf(bytes.subarray(at + 8, at + 24)),
    destination: addressOf(bytes.subarray(at + 24, at + 40)),
    protocol: nameOf(chain.next),
    ttl: bytes.readUInt8(at + 7),
    isLaterFragment: chain.isLater,
    transport: chain.at,
  };
}

function transportAt(bytes: Buffer, at: number, protocol: string): Omit<FrameSummary, 'ip'> {
  if (protocol === 'tcp' && bytes.length >= at + 14) {
    return {
      headerBytes: at + (bytes.readUInt8(at + 12) >> 4) * 4,
      ports: portsAt(bytes, at),
      tcp: tcpAt(bytes, at),
    };
  }
  if (protocol === 'udp' && bytes.length >= at + 4) return { headerBytes: at + 8, ports: portsAt(bytes, at) };
  if (protocol.startsWith('icmp') && bytes.length >= at + 2) {
    const icmp = { type: bytes.readUInt8(at), code: bytes.readUInt8(at + 1) };
    return { headerBytes: quoteEnd(bytes, at + ICMP_BYTES, protocol, icmp.type), icmp };
  }
  return { headerBytes: at };
}

/** An ICMP error quotes headers; what other messages carry is payload. */
function quoteEnd(bytes: Buffer, at: number, protocol: string, type: number): number {
  const isError = protocol === 'icmp' ? [3, 11, 12].includes(type) : type < 128;
  const quoted = isError ? ipAt(bytes, at, protocol === 'icmp' ? ETHER_TYPES.ipv4 : ETHER_TYPES.ipv6) : null;
  return quoted === null ? at : quoted.transport + QUOTED_TRANSPORT_BYTES;
}

function portsAt(bytes: Buffer, at: number) {
  return { source: bytes.readUInt16BE(at), destination: bytes.readUInt16BE(at + 2) };
}

function tcpAt(bytes: Buffer, at: number) {
  const bits = bytes.readUInt8(at + 13);
  return {
    flags: [...TCP_FLAGS].filter((_letter, bit) => (bits >> bit) & 1).join(''),
    sequence: bytes.readUInt32BE(at + 4),
    acknowledgement: bytes.readUInt32BE(at + 8),
  };
}

function nameOf(protocol: number): string {
  return PROTOCOL_NAMES[protocol] ?? String(protocol);
}

function addressOf(bytes: Buffer): string {
  return ipaddr.fromByteArray([...bytes]).toString();
}
