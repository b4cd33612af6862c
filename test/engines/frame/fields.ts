import { ETHER_TYPE, PROTOCOL } from '../../../lab/packet/index.ts';
import { byteField, type Field, layOut } from './field.ts';
import { ETHERNET, ICMP, IPV4, IPV6, IPV6_FRAGMENT, IPV6_OPTIONS, TCP, UDP, VLAN } from './headers.ts';

const ETHERNET_BYTES = 14;
const VLAN_BYTES = 4;
/** What there is of a packet that says to be of another version than its EtherType. */
const NOT_IP = [
  ['version', 4],
  ['ihl', 4],
] as const;

/**
 * Every field of an Ethernet frame, in order and without a gap. A frame of nonsense has fields too: what no header claims is
 * `payload`, what lies behind the end that the IP header announces is `padding`.
 */
export function fieldsOf(frame: Buffer): readonly Field[] {
  const fields = [...layOut('eth.', 0, frame.length, ETHERNET)];
  let at = ETHERNET_BYTES;
  let type = uint16(frame, 12);
  for (let tag = 0; type === ETHER_TYPE.vlan || type === ETHER_TYPE.serviceVlan; tag++) {
    fields.push(...layOut(`vlan${tag}.`, at, frame.length, VLAN));
    type = uint16(frame, at + 2);
    at += VLAN_BYTES;
  }
  return [...fields, ...packetFields(frame, at, type, '')];
}

function packetFields(frame: Buffer, at: number, type: number | undefined, prefix: string): readonly Field[] {
  const version = (frame[at] ?? 0) >> 4;
  if (type === ETHER_TYPE.ipv4 && version === 4) return ipv4Fields(frame, at, prefix);
  if (type === ETHER_TYPE.ipv6 && version === 6) return ipv6Fields(frame, at, prefix);
  if (type !== ETHER_TYPE.ipv4 && type !== ETHER_TYPE.ipv6)
    return byteField(`${prefix}payload`, at, frame.length);
  return [
    ...layOut(`${prefix}ip.`, at, frame.length, NOT_IP),
    ...byteField(`${prefix}payload`, at + 1, frame.length),
  ];
}

function ipv4Fields(frame: Buffer, at: number, prefix: string): readonly Field[] {
  const fixed = layOut(`${prefix}ip.`, at, frame.length, IPV4);
  if (fixed.length < IPV4.length) return [...fixed, ...tail(frame, fixed, prefix)];
  const behind = Math.max(at + 20, at + ((frame[at] ?? 0) & 0x0f) * 4);
  const end = Math.min(frame.length, Math.max(behind, at + announced(frame, at, at + 2)));
  const start = Math.min(behind, frame.length);
  const later = ((uint16(frame, at + 6) ?? 0) & 0x1fff) !== 0;
  return [
    ...fixed,
    ...byteField(`${prefix}ip.options`, at + 20, start),
    ...(later
      ? byteField(`${prefix}payload`, start, end)
      : transportFields(frame, start, end, frame[at + 9], prefix)),
    ...byteField(`${prefix}padding`, end, frame.length),
  ];
}

function ipv6Fields(frame: Buffer, at: number, prefix: string): readonly Field[] {
  const fixed = layOut(`${prefix}ip.`, at, frame.length, IPV6);
  if (fixed.length < IPV6.length) return [...fixed, ...tail(frame, fixed, prefix)];
  const end = Math.min(frame.length, at + 40 + announced(frame, at + 40, at + 4));
  const fields = [...fixed];
  let next = frame[at + 6];
  let offset = at + 40;
  let later = false;
  for (let header = 0; isExtension(next) && offset + 8 <= end && !later; header++) {
    const isFragment = next === PROTOCOL.fragment;
    const bytes = isFragment ? 8 : ((frame[offset + 1] ?? 0) + 1) * 8;
    fields.push(
      ...layOut(`${prefix}header${header}.`, offset, end, isFragment ? IPV6_FRAGMENT : IPV6_OPTIONS),
      ...(isFragment
        ? []
        : byteField(`${prefix}header${header}.data`, offset + 2, Math.min(end, offset + bytes))),
    );
    later = isFragment && ((uint16(frame, offset + 2) ?? 0) & 0xfff8) !== 0;
    next = frame[offset];
    offset = Math.min(end, offset + bytes);
  }
  const upper = later
    ? byteField(`${prefix}payload`, offset, end)
    : transportFields(frame, offset, end, next, prefix);
  return [...fields, ...upper, ...byteField(`${prefix}padding`, end, frame.length)];
}

function transportFields(
  frame: Buffer,
  at: number,
  end: number,
  protocol: number | undefined,
  prefix: string,
): readonly Field[] {
  if (protocol === PROTOCOL.tcp) {
    const fixed = layOut(`${prefix}tcp.`, at, end, TCP);
    const options = Math.min(end, at + Math.max(20, ((frame[at + 12] ?? 0) >> 4) * 4));
    if (fixed.length < TCP.length) return [...fixed, ...rest(fixed, at, end, prefix)];
    return [
      ...fixed,
      ...byteField(`${prefix}tcp.options`, at + 20, options),
      ...byteField(`${prefix}payload`, options, end),
    ];
  }
  if (protocol === PROTOCOL.udp) {
    const fixed = layOut(`${prefix}udp.`, at, end, UDP);
    return [...fixed, ...rest(fixed, at, end, prefix)];
  }
  if (protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6) {
    return icmpFields(frame, at, end, protocol, prefix);
  }
  return byteField(`${prefix}payload`, at, end);
}

function icmpFields(
  frame: Buffer,
  at: number,
  end: number,
  protocol: number,
  prefix: string,
): readonly Field[] {
  const fixed = layOut(`${prefix}icmp.`, at, end, ICMP);
  const type = frame[at] ?? 0;
  const quotes = protocol === PROTOCOL.icmp ? [3, 4, 5, 11, 12].includes(type) : type < 128;
  if (fixed.length < ICMP.length || prefix !== '' || !quotes)
    return [...fixed, ...rest(fixed, at, end, prefix)];
  const etherType = protocol === PROTOCOL.icmp ? ETHER_TYPE.ipv4 : ETHER_TYPE.ipv6;
  return [...fixed, ...packetFields(frame.subarray(0, end), at + 8, etherType, 'quoted.')];
}

/** What lies behind the fields of a header, up to the end of the packet. */
function rest(fields: readonly Field[], at: number, end: number, prefix: string): readonly Field[] {
  return byteField(`${prefix}payload`, endOf(fields) ?? at, end);
}

function tail(frame: Buffer, fields: readonly Field[], prefix: string): readonly Field[] {
  return byteField(`${prefix}payload`, endOf(fields) ?? frame.length, frame.length);
}

function endOf(fields: readonly Field[]): number | undefined {
  const last = fields.at(-1);
  return last && Math.ceil((last.bit + last.bits) / 8);
}

function isExtension(protocol: number | undefined): boolean {
  const { hopByHop, routing, fragment, destination } = PROTOCOL;
  return [hopByHop, routing, fragment, destination].some((known) => known === protocol);
}

/** The length field at `field`, of what begins at `start`; zero stands for all that there is (GSO beyond 64 KiB). */
function announced(frame: Buffer, start: number, field: number): number {
  return uint16(frame, field) || Math.max(0, frame.length - start);
}

function uint16(frame: Buffer, at: number): number | undefined {
  return at + 2 <= frame.length ? frame.readUInt16BE(at) : undefined;
}
