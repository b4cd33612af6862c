import { addressText } from './address.ts';
import type { DecodedFrame, DecodedIp } from './decoded.ts';
import { ETHER_TYPE, PROTOCOL } from './protocol.ts';
import { decodeTransport } from './transport.ts';

const ETHERNET_BYTES = 14;
const VLAN_BYTES = 4;

/** Takes an Ethernet frame apart (RFC 791, 8200, 9293, 768, 792, 4443; VLAN tags of 802.1Q and 802.1ad). */
export function decodeFrame(bytes: Uint8Array): DecodedFrame {
  const frame = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const vlans: number[] = [];
  let offset = ETHERNET_BYTES;
  let etherType = frame.readUInt16BE(12);
  while (etherType === ETHER_TYPE.vlan || etherType === ETHER_TYPE.serviceVlan) {
    vlans.push(frame.readUInt16BE(offset) & 0x0fff);
    etherType = frame.readUInt16BE(offset + 2);
    offset += VLAN_BYTES;
  }
  const isIp = etherType === ETHER_TYPE.ipv4 || etherType === ETHER_TYPE.ipv6;
  return {
    destinationMac: macText(frame.subarray(0, 6)),
    sourceMac: macText(frame.subarray(6, 12)),
    vlans,
    etherType,
    ...(isIp ? { ip: decodeIp(frame.subarray(offset)) } : {}),
  };
}

/** Takes an IP packet apart; it may be cut short, as the quotes in ICMP errors are. */
export function decodeIp(packet: Buffer): DecodedIp {
  return packet.readUInt8(0) >> 4 === 4 ? decodeIpv4(packet) : decodeIpv6(packet);
}

function decodeIpv4(packet: Buffer): DecodedIp {
  const headerBytes = (packet.readUInt8(0) & 0x0f) * 4;
  const totalBytes = packet.readUInt16BE(2);
  const flags = packet.readUInt16BE(6);
  const offset = (flags & 0x1fff) * 8;
  const more = (flags & 0x2000) !== 0;
  const protocol = packet.readUInt8(9);
  const payload = packet.subarray(headerBytes, totalBytes);
  const transport = offset === 0 ? decodeTransport(protocol, payload) : undefined;
  return {
    version: 4,
    source: addressText(packet.subarray(12, 16)),
    destination: addressText(packet.subarray(16, 20)),
    hopLimit: packet.readUInt8(8),
    trafficClass: packet.readUInt8(1),
    protocol,
    header: packet.subarray(0, headerBytes),
    payload,
    ...(more || offset > 0 ? { fragment: { id: packet.readUInt16BE(4), offset, more } } : {}),
    dontFragment: (flags & 0x4000) !== 0,
    truncated: packet.length < totalBytes,
    ...(transport ? { transport } : {}),
  };
}

function decodeIpv6(packet: Buffer): DecodedIp {
  const endOfPacket = 40 + packet.readUInt16BE(4);
  const chain = walkExtensions(packet);
  const payload = packet.subarray(chain.end, endOfPacket);
  const first = chain.fragment === undefined || chain.fragment.offset === 0;
  const transport = first ? decodeTransport(chain.protocol, payload) : undefined;
  return {
    version: 6,
    source: addressText(packet.subarray(8, 24)),
    destination: addressText(packet.subarray(24, 40)),
    hopLimit: packet.readUInt8(7),
    trafficClass: (packet.readUInt16BE(0) >> 4) & 0xff,
    protocol: chain.protocol,
    header: packet.subarray(0, chain.end),
    payload,
    ...(chain.fragment ? { fragment: chain.fragment } : {}),
    dontFragment: true,
    truncated: packet.length < endOfPacket,
    ...(transport ? { transport } : {}),
  };
}

function walkExtensions(packet: Buffer) {
  let protocol = packet.readUInt8(6);
  let end = 40;
  let fragment: DecodedIp['fragment'];
  for (;;) {
    if (protocol === PROTOCOL.fragment && packet.length >= end + 8) {
      const field = packet.readUInt16BE(end + 2);
      fragment = { id: packet.readUInt32BE(end + 4), offset: field & 0xfff8, more: (field & 1) !== 0 };
      protocol = packet.readUInt8(end);
      end += 8;
      // What follows a later fragment's header is payload, whatever its first byte looks like.
      if (fragment.offset > 0) return { protocol, end, fragment };
    } else if (isOptionsHeader(protocol) && packet.length >= end + 2) {
      const bytes = (packet.readUInt8(end + 1) + 1) * 8;
      protocol = packet.readUInt8(end);
      end += bytes;
    } else {
      return { protocol, end, fragment };
    }
  }
}

function isOptionsHeader(protocol: number): boolean {
  return protocol === PROTOCOL.hopByHop || protocol === PROTOCOL.routing || protocol === PROTOCOL.destination;
}

function macText(bytes: Buffer): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}
