import { addressBytes, macBytes } from './address.ts';
import { internetChecksum, pseudoHeader } from './checksum.ts';
import { ETHER_TYPE, PROTOCOL } from './protocol.ts';

/** Fields of an Ethernet frame around an IP packet. */
export interface EthernetFields {
  readonly source: string;
  readonly destination: string;
  /** VLAN ids, outermost first. */
  readonly vlans?: readonly number[];
}

/** Fields of an IP packet. */
export interface IpFields {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  /** Default 64. */
  readonly hopLimit?: number;
  /** IPv4 options or IPv6 extension headers (with `firstHeader`), a multiple of 4 or 8 bytes. */
  readonly options?: Uint8Array;
  /** IPv6: number of the first extension header in `options`. */
  readonly firstHeader?: number;
  /** IPv4: identification and fragment fields. */
  readonly id?: number;
  readonly fragmentOffset?: number;
  readonly moreFragments?: boolean;
  readonly dontFragment?: boolean;
}

/** Fields of a TCP segment; the checksum is made from the addresses. */
export interface TcpFields {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence?: number;
  readonly acknowledgement?: number;
  /** Subset of `FSRPAUEC`. */
  readonly flags: string;
  /** Default 65535. */
  readonly window?: number;
  /** A multiple of 4 bytes. */
  readonly options?: Uint8Array;
  readonly payload?: Uint8Array;
}

/** Puts a packet into an Ethernet frame; the EtherType follows from the packet. */
export function ethernetFrame(fields: EthernetFields, packet: Buffer): Buffer {
  const etherType = packet.readUInt8(0) >> 4 === 4 ? ETHER_TYPE.ipv4 : ETHER_TYPE.ipv6;
  const tags = (fields.vlans ?? []).flatMap((id) => [uint16(ETHER_TYPE.vlan), uint16(id)]);
  return Buffer.concat([
    macBytes(fields.destination),
    macBytes(fields.source),
    ...tags,
    uint16(etherType),
    packet,
  ]);
}

/** Puts a payload into an IPv4 or IPv6 packet, by the family of the addresses. */
export function ipPacket(fields: IpFields, payload: Uint8Array): Buffer {
  return fields.source.includes(':') ? ipv6Packet(fields, payload) : ipv4Packet(fields, payload);
}

/** A TCP segment with a valid checksum. */
export function tcpSegment(fields: TcpFields): Buffer {
  const { options = Buffer.alloc(0), payload = Buffer.alloc(0) } = fields;
  const header = Buffer.alloc(20);
  header.writeUInt16BE(fields.sourcePort, 0);
  header.writeUInt16BE(fields.destinationPort, 2);
  header.writeUInt32BE(fields.sequence ?? 0, 4);
  header.writeUInt32BE(fields.acknowledgement ?? 0, 8);
  header.writeUInt8(((20 + options.length) / 4) << 4, 12);
  header.writeUInt8(
    [...'FSRPAUEC'].reduce((bits, flag, bit) => bits | (fields.flags.includes(flag) ? 1 << bit : 0), 0),
    13,
  );
  header.writeUInt16BE(fields.window ?? 65_535, 14);
  const segment = Buffer.concat([header, options, payload]);
  segment.writeUInt16BE(transportChecksum(fields, PROTOCOL.tcp, segment), 16);
  return segment;
}

/** A UDP datagram with a valid checksum. */
export function udpDatagram(fields: Omit<TcpFields, 'flags'>): Buffer {
  const { payload = Buffer.alloc(0) } = fields;
  const header = Buffer.alloc(8);
  header.writeUInt16BE(fields.sourcePort, 0);
  header.writeUInt16BE(fields.destinationPort, 2);
  header.writeUInt16BE(8 + payload.length, 4);
  const datagram = Buffer.concat([header, payload]);
  // A sum of zero is sent as all ones, because zero means "no checksum" (RFC 768).
  datagram.writeUInt16BE(transportChecksum(fields, PROTOCOL.udp, datagram) || 0xffff, 6);
  return datagram;
}

/** An ICMP or ICMPv6 message with a valid checksum; `rest` are the four bytes behind the checksum. */
export function icmpMessage(
  addresses: { readonly source: string; readonly destination: string },
  type: number,
  code: number,
  rest: number,
  body: Uint8Array,
): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(type, 0);
  header.writeUInt8(code, 1);
  header.writeUInt32BE(rest, 4);
  const message = Buffer.concat([header, body]);
  const wide = addresses.source.includes(':');
  message.writeUInt16BE(
    wide ? transportChecksum(addresses, PROTOCOL.icmpv6, message) : internetChecksum(message),
    2,
  );
  return message;
}

function ipv4Packet(fields: IpFields, payload: Uint8Array): Buffer {
  const { options = Buffer.alloc(0) } = fields;
  const fixed = Buffer.alloc(20);
  fixed.writeUInt8(0x40 | ((20 + options.length) / 4), 0);
  fixed.writeUInt16BE(20 + options.length + payload.length, 2);
  fixed.writeUInt16BE(fields.id ?? 0, 4);
  const flags = (fields.dontFragment ? 0x4000 : 0) | (fields.moreFragments ? 0x2000 : 0);
  fixed.writeUInt16BE(flags | ((fields.fragmentOffset ?? 0) / 8), 6);
  fixed.writeUInt8(fields.hopLimit ?? 64, 8);
  fixed.writeUInt8(fields.protocol, 9);
  addressBytes(fields.source).copy(fixed, 12);
  addressBytes(fields.destination).copy(fixed, 16);
  const header = Buffer.concat([fixed, options]);
  header.writeUInt16BE(internetChecksum(header), 10);
  return Buffer.concat([header, payload]);
}

function ipv6Packet(fields: IpFields, payload: Uint8Array): Buffer {
  const { options = Buffer.alloc(0) } = fields;
  const header = Buffer.alloc(40);
  header.writeUInt8(0x60, 0);
  header.writeUInt16BE(options.length + payload.length, 4);
  header.writeUInt8(fields.firstHeader ?? fields.protocol, 6);
  header.writeUInt8(fields.hopLimit ?? 64, 7);
  addressBytes(fields.source).copy(header, 8);
  addressBytes(fields.destination).copy(header, 24);
  return Buffer.concat([header, options, payload]);
}

function transportChecksum(
  addresses: { readonly source: string; readonly destination: string },
  protocol: number,
  bytes: Uint8Array,
): number {
  const [source, destination] = [addressBytes(addresses.source), addressBytes(addresses.destination)];
  return internetChecksum(pseudoHeader(source, destination, protocol, bytes.length), bytes);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}
