import {
  icmpMessage,
  internetChecksum,
  ipPacket,
  PROTOCOL,
  tcpSegment,
  udpDatagram,
} from '../../lab/index.ts';
import type { Family } from './proxies.ts';

/** Long enough that no frame needs padding. */
const PAYLOAD = Buffer.from('a payload that is long enough for every frame to go without padding');
const NO_OPERATION = Buffer.from([1, 1, 1, 0]);
const GRE = 47;

/** Where an odd packet goes. */
export interface OddPath {
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** A packet with a name for messages. */
export interface OddPacket {
  readonly name: string;
  readonly packet: Buffer;
}

/** An IPv6 options header (RFC 8200, 4.2) of 8 bytes that holds nothing but padding. */
function padding(nextHeader: number): Buffer {
  return Buffer.from([nextHeader, 0, 1, 4, 0, 0, 0, 0]);
}

/** IPv6 extension headers, in order, in front of a transport protocol. */
function chain(kinds: readonly number[], protocol: number) {
  const headers = kinds.map((_, index) => padding(kinds[index + 1] ?? protocol));
  return { options: Buffer.concat(headers), firstHeader: kinds[0] ?? protocol };
}

/** Packets that a parser may stumble over, but that still are for the port they name: TCP and UDP behind options. */
export function packetsWithOptions(family: Family, path: OddPath): readonly OddPacket[] {
  const segment = tcpSegment({ ...path, flags: 'S', options: NO_OPERATION, payload: PAYLOAD });
  const datagram = udpDatagram({ ...path, payload: PAYLOAD });
  const behind = (name: string, fields: (protocol: number) => object): readonly OddPacket[] => [
    {
      name: `TCP behind ${name}`,
      packet: ipPacket({ ...path, protocol: PROTOCOL.tcp, ...fields(PROTOCOL.tcp) }, segment),
    },
    {
      name: `UDP behind ${name}`,
      packet: ipPacket({ ...path, protocol: PROTOCOL.udp, ...fields(PROTOCOL.udp) }, datagram),
    },
  ];
  if (family === 'v4') {
    return [
      ...behind('4 bytes of options', () => ({ options: NO_OPERATION })),
      ...behind('40 bytes of options', () => ({ options: Buffer.alloc(40, 1) })),
    ];
  }
  const { hopByHop, destination } = PROTOCOL;
  return [
    ...behind('a hop-by-hop header', (protocol) => chain([hopByHop], protocol)),
    ...behind('destination options', (protocol) => chain([destination], protocol)),
    ...behind('three headers', (protocol) => chain([hopByHop, destination, destination], protocol)),
  ];
}

/** Packets in which bytes look like the ports of `path`, but are not, or cannot be trusted. */
export function packetsWithoutPorts(family: Family, path: OddPath): readonly OddPacket[] {
  const datagram = udpDatagram({ ...path, payload: PAYLOAD });
  const of = (name: string, protocol: number, payload: Uint8Array, fields: object = {}): OddPacket => ({
    name,
    packet: ipPacket({ ...path, protocol, ...fields }, payload),
  });
  const badOffset = tcpSegment({ ...path, flags: 'S', payload: PAYLOAD });
  badOffset.writeUInt8(0x40, 12);
  const echo = family === 'v4' ? icmpMessage(path, 8, 0, 1, PAYLOAD) : icmpMessage(path, 128, 0, 1, PAYLOAD);
  return [
    of('an echo request', family === 'v4' ? PROTOCOL.icmp : PROTOCOL.icmpv6, echo),
    of('GRE', GRE, datagram),
    of('TCP with a header of 16 bytes', PROTOCOL.tcp, badOffset),
    of('a TCP header cut short', PROTOCOL.tcp, datagram.subarray(0, 12)),
    of('a UDP header cut short', PROTOCOL.udp, datagram.subarray(0, 6)),
    family === 'v4'
      ? of('a later fragment', PROTOCOL.udp, datagram, { id: 77, fragmentOffset: 8 })
      : of('a later fragment', PROTOCOL.udp, datagram, laterFragment()),
  ];
}

function laterFragment(): object {
  const header = Buffer.from([PROTOCOL.udp, 0, 0, 8, 0, 0, 0, 77]);
  return { options: header, firstHeader: PROTOCOL.fragment };
}

/** What a router makes of a packet: one hop less, nothing else. */
export function routed(packet: Buffer): Buffer {
  const copy = Buffer.from(packet);
  if (copy.readUInt8(0) >> 4 === 6) {
    copy.writeUInt8(copy.readUInt8(7) - 1, 7);
    return copy;
  }
  copy.writeUInt8(copy.readUInt8(8) - 1, 8);
  copy.writeUInt16BE(0, 10);
  const header = copy.subarray(0, (copy.readUInt8(0) & 0x0f) * 4);
  copy.writeUInt16BE(internetChecksum(header), 10);
  return copy;
}
