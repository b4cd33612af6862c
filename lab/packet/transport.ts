import { decodeIp } from './decode.ts';
import type { DecodedTransport } from './decoded.ts';
import { PROTOCOL } from './protocol.ts';

const TCP_FLAGS = 'FSRPAUEC';
const MIN_HEADER = { tcp: 20, udp: 8, icmp: 8 };

/** Takes the header behind IP apart; undefined for other protocols and for quotes too short to hold it. */
export function decodeTransport(protocol: number, bytes: Buffer): DecodedTransport | undefined {
  if (protocol === PROTOCOL.tcp) return bytes.length >= MIN_HEADER.tcp ? tcp(bytes) : undefined;
  if (protocol === PROTOCOL.udp) return bytes.length >= MIN_HEADER.udp ? udp(bytes) : undefined;
  if (bytes.length < MIN_HEADER.icmp) return undefined;
  if (protocol === PROTOCOL.icmp) return icmp(bytes);
  return protocol === PROTOCOL.icmpv6 ? icmpv6(bytes) : undefined;
}

function tcp(bytes: Buffer): DecodedTransport {
  const headerBytes = (bytes.readUInt8(12) >> 4) * 4;
  const flagBits = bytes.readUInt8(13);
  return {
    kind: 'tcp',
    sourcePort: bytes.readUInt16BE(0),
    destinationPort: bytes.readUInt16BE(2),
    sequence: bytes.readUInt32BE(4),
    acknowledgement: bytes.readUInt32BE(8),
    flags: [...TCP_FLAGS].filter((_, bit) => (flagBits & (1 << bit)) !== 0).join(''),
    window: bytes.readUInt16BE(14),
    options: bytes.subarray(MIN_HEADER.tcp, headerBytes),
    payload: bytes.subarray(headerBytes),
  };
}

function udp(bytes: Buffer): DecodedTransport {
  return {
    kind: 'udp',
    sourcePort: bytes.readUInt16BE(0),
    destinationPort: bytes.readUInt16BE(2),
    checksum: bytes.readUInt16BE(6),
    payload: bytes.subarray(MIN_HEADER.udp),
  };
}

function icmp(bytes: Buffer): DecodedTransport {
  const type = bytes.readUInt8(0);
  // Destination unreachable, source quench, redirect, time exceeded, parameter problem quote the packet (RFC 792).
  const quotes = [3, 4, 5, 11, 12].includes(type) && bytes.length >= MIN_HEADER.icmp + 20;
  return {
    kind: 'icmp',
    type,
    code: bytes.readUInt8(1),
    mtu: bytes.readUInt16BE(6),
    payload: bytes.subarray(MIN_HEADER.icmp),
    ...(quotes ? { quoted: decodeIp(bytes.subarray(MIN_HEADER.icmp)) } : {}),
  };
}

function icmpv6(bytes: Buffer): DecodedTransport {
  const type = bytes.readUInt8(0);
  // Types below 128 are errors and quote the packet (RFC 4443).
  const quotes = type < 128 && bytes.length >= MIN_HEADER.icmp + 40;
  return {
    kind: 'icmpv6',
    type,
    code: bytes.readUInt8(1),
    mtu: bytes.readUInt32BE(4),
    payload: bytes.subarray(MIN_HEADER.icmp),
    ...(quotes ? { quoted: decodeIp(bytes.subarray(MIN_HEADER.icmp)) } : {}),
  };
}
