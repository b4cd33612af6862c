import {
  addressBytes,
  ethernetFrame,
  type IpFields,
  icmpMessage,
  internetChecksum,
  ipPacket,
  PROTOCOL,
  pseudoHeader,
  tcpSegment,
  udpDatagram,
} from '../../lab/packet/index.ts';
import { fieldsOf, setField } from '../engines/frame/index.ts';
import { interfaceNamed, isWide } from './notation/hop.ts';
import { KIND_NAMES, type PacketSpec, payloadBytes, type QuotedSpec } from './notation/packet.ts';

/** Sends whatever comes in: a router or target next door. */
const NEIGHBOUR_MAC = '02:00:00:00:00:99';
const ETHERNET_BYTES = 14;
const CHECKSUM_OFFSET = { tcp: 16, udp: 6 } as const;
const EXTENSIONS = {
  'hop-by-hop': PROTOCOL.hopByHop,
  destination: PROTOCOL.destination,
  routing: PROTOCOL.routing,
  fragment: PROTOCOL.fragment,
} as const;

/** The interface of a packet. */
export function interfaceOf(spec: PacketSpec) {
  return spec.on ?? interfaceNamed('front0');
}

/** Builds the frame that a packet's fields describe. @throws SyntaxError, RangeError when they make no sense */
export function buildFrame(spec: PacketSpec): Buffer {
  const frame = spec.hex ? Buffer.from(spec.hex) : wholeFrame(spec);
  setFields(frame, spec.set ?? {});
  return spec.cut === undefined ? frame : frame.subarray(0, spec.cut);
}

/** Sets fields by name. @throws RangeError for a field that the frame does not have */
export function setFields(frame: Buffer, values: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(values)) {
    const field = fieldsOf(frame).find((each) => each.name === name);
    if (!field) throw new RangeError(`the frame has no field ${name} (it has: ${namesOf(frame)})`);
    setField(frame, field, value);
  }
}

function namesOf(frame: Buffer): string {
  return fieldsOf(frame)
    .map(({ name }) => name)
    .join(', ');
}

function wholeFrame(spec: PacketSpec): Buffer {
  const ethernet = {
    source: spec.from ?? NEIGHBOUR_MAC,
    destination: spec.to ?? interfaceOf(spec).mac,
    vlans: spec.vlans ?? [],
  };
  const frame = ethernetFrame(ethernet, packetOf(spec, quoteOf(spec.quote)));
  return Buffer.concat([frame, Buffer.alloc(spec.padding ?? 0)]);
}

/** The quoted packet, cut; it has no link layer of its own, but fields are counted from one. */
function quoteOf(spec: QuotedSpec | undefined): Buffer {
  if (!spec) return Buffer.alloc(0);
  const addresses = { source: NEIGHBOUR_MAC, destination: NEIGHBOUR_MAC };
  const whole = ethernetFrame(addresses, packetOf(spec, Buffer.alloc(0)));
  const frame = whole.subarray(0, ETHERNET_BYTES + (spec.keep ?? whole.length));
  setFields(frame, spec.set ?? {});
  return frame.subarray(ETHERNET_BYTES);
}

function packetOf(spec: QuotedSpec, quote: Buffer): Buffer {
  const kinds = KIND_NAMES.filter((kind) => spec[kind] !== undefined);
  if (kinds.length !== 1)
    throw new SyntaxError(
      `a packet is one of ${KIND_NAMES.join(', ')}; this is ${kinds.join(', ') || 'none'}`,
    );
  const addresses = spec.tcp ?? spec.udp ?? spec.icmp ?? spec.ip;
  if (!addresses) throw new SyntaxError('a quoted packet cannot be given as hex');
  const { protocol, bytes } = transportOf(spec, quote);
  const wide = isWide(addresses.source);
  return ipPacket(
    {
      source: addresses.source,
      destination: addresses.destination,
      protocol,
      hopLimit: spec.ttl ?? 64,
      id: spec.fragment?.id ?? spec.id ?? 0,
      dontFragment: spec.dontFragment ?? false,
      ...(wide ? wideFields(spec, protocol) : narrowFields(spec)),
    },
    bytes,
  );
}

function narrowFields({ fragment, options }: QuotedSpec): Partial<IpFields> {
  return {
    fragmentOffset: fragment?.offset ?? 0,
    moreFragments: fragment?.more ?? false,
    ...(options ? { options } : {}),
  };
}

/** IPv6: the chain of extension headers, the fragment header last. */
function wideFields({ headers = [], fragment }: QuotedSpec, protocol: number): Partial<IpFields> {
  const names = [...headers, ...(fragment ? (['fragment'] as const) : [])];
  const numbers = names.map((name) => EXTENSIONS[name]);
  const chain = names.map((name, index) =>
    extension(name, numbers[index + 1] ?? protocol, index === names.length - 1 ? fragment : undefined),
  );
  const [first] = numbers;
  return first === undefined ? {} : { options: Buffer.concat(chain), firstHeader: first };
}

/** 8 bytes: padding options, a fragment header, or a routing header without segments left. */
function extension(name: keyof typeof EXTENSIONS, next: number, fragment: QuotedSpec['fragment']): Buffer {
  const header = Buffer.from([next, 0, 1, 4, 0, 0, 0, 0]);
  if (name === 'routing') return Buffer.from([next, 0, 0, 0, 0, 0, 0, 0]);
  if (name === 'fragment') {
    header.writeUInt16BE((fragment?.offset ?? 0) | (fragment?.more ? 1 : 0), 2);
    header.writeUInt32BE(fragment?.id ?? 0, 4);
  }
  return header;
}

function transportOf(spec: QuotedSpec, quote: Buffer): { readonly protocol: number; readonly bytes: Buffer } {
  const payload = Buffer.concat([quote, payloadOf(spec)]);
  if (spec.tcp) {
    const fields = { sequence: spec.seq ?? 0, acknowledgement: spec.ack ?? 0, window: spec.window ?? 65_535 };
    const options = spec.tcpOptions ?? Buffer.alloc(0);
    const segment = tcpSegment({ ...spec.tcp, ...fields, flags: spec.flags ?? 'A', options, payload });
    return withChecksum(spec, 'tcp', spec.tcp, segment);
  }
  if (spec.udp) return withChecksum(spec, 'udp', spec.udp, udpDatagram({ ...spec.udp, payload }));
  if (spec.icmp) {
    const protocol = isWide(spec.icmp.source) ? PROTOCOL.icmpv6 : PROTOCOL.icmp;
    const { type = 0, code = 0, rest = 0 } = spec;
    return { protocol, bytes: icmpMessage(spec.icmp, type, code, rest, payload) };
  }
  return { protocol: spec.protocol ?? PROTOCOL.udp, bytes: payload };
}

function withChecksum(
  { checksum = 'right' }: QuotedSpec,
  kind: 'tcp' | 'udp',
  { source, destination }: { readonly source: string; readonly destination: string },
  bytes: Buffer,
) {
  const protocol = PROTOCOL[kind];
  if (checksum === 'none') bytes.writeUInt16BE(0, CHECKSUM_OFFSET[kind]);
  if (checksum === 'partial') {
    const pseudo = pseudoHeader(addressBytes(source), addressBytes(destination), protocol, bytes.length);
    bytes.writeUInt16BE(~internetChecksum(pseudo) & 0xffff, CHECKSUM_OFFSET[kind]);
  }
  return { protocol, bytes };
}

function payloadOf({ payload = 0 }: QuotedSpec): Buffer {
  return payloadBytes(payload);
}
