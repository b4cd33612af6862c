import { z } from 'zod';
import { parseAddress, parseArrow, parseTuple } from './endpoint.ts';
import { interfaceNamed } from './hop.ts';
import { notation } from './syntax.ts';

const number = z.number().int().min(0);
const mac = z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/, 'expected a MAC address, aa:bb:cc:dd:ee:ff');
/** Bytes in hex. */
export const hex = z
  .string()
  .transform((text) => text.replaceAll(' ', ''))
  .pipe(z.string().regex(/^([0-9a-f]{2})*$/i, 'expected bytes in hex'))
  .transform((text) => Buffer.from(text, 'hex'));

const addresses = notation((text) => {
  const [source = '', destination = ''] = parseArrow(text).map(parseAddress);
  return { source, destination };
});

/** What stands for a payload: so many bytes (1, 2, 3, ...), or these. */
export function payloadBytes(payload: number | Buffer): Buffer {
  if (typeof payload !== 'number') return payload;
  return Buffer.from(Array.from({ length: payload }, (_, index) => (index + 1) & 0xff));
}

/** Values of fields by name, e.g. `{ip.ttl: 1, tcp.flags: SF}`. */
export const fieldValues = z.record(z.string(), z.union([z.string(), z.number()]));

/** What the packet is; exactly one of them, unless an ICMP error quotes it. */
const kinds = {
  tcp: notation(parseTuple),
  udp: notation(parseTuple),
  icmp: addresses,
  /** A packet of another protocol, or a later fragment, whose bytes are `payload`. */
  ip: addresses,
  /** The whole frame. */
  hex,
};
export const KIND_NAMES = ['tcp', 'udp', 'icmp', 'ip', 'hex'] as const;

/** Fields of the IP packet; they have the same meaning in a quoted one. */
const packetShape = {
  ...kinds,
  /** Upper protocol of `ip`. */
  protocol: number,
  ttl: number,
  id: number,
  dontFragment: z.boolean(),
  /** IPv4 options. */
  options: hex,
  /** IPv6 extension headers, in order; `fragment` here makes an atomic one. */
  headers: z.array(z.enum(['hop-by-hop', 'destination', 'routing', 'fragment'])),
  /** Makes it a fragment: `offset` in bytes. */
  fragment: z.strictObject({ id: number, offset: number.default(0), more: z.boolean().default(false) }),
  flags: z.string().regex(/^[FSRPAUEC]*$/, 'expected TCP flags out of FSRPAUEC'),
  seq: number,
  ack: number,
  window: number,
  /** TCP options. */
  tcpOptions: hex,
  /** So many bytes (1, 2, 3, ...), or these bytes in hex. */
  payload: z.union([number, hex]),
  /** The transport checksum: right (default), none, or the sum of the pseudo-header only. */
  checksum: z.enum(['right', 'none', 'partial']),
  /** ICMP. */
  type: number,
  code: number,
  rest: number,
};

const quoted = z.strictObject({
  ...z.strictObject(packetShape).partial().shape,
  /** So many bytes of it are quoted; default all. */
  keep: number.optional(),
  /** Fields of what is quoted that are set after its checksums were made. */
  set: fieldValues.optional(),
});

/** A packet as fields; what is left out has the value of the file's packet, then a default. */
export const partialPacket = z.strictObject({
  ...z.strictObject(packetShape).partial().shape,
  /** Interface on which it comes in, or goes out at tc_egress; default front0. */
  on: notation(interfaceNamed).optional(),
  /** MAC addresses; default from a neighbour to the interface. */
  from: mac.optional(),
  to: mac.optional(),
  vlans: z.array(number).optional(),
  /** ICMP errors: the packet that they are about. */
  quote: quoted.optional(),
  /** Zeros behind the IP packet. */
  padding: number.optional(),
  /** Fields that are set after the checksums were made. */
  set: fieldValues.optional(),
  /** The frame ends after so many bytes. */
  cut: number.optional(),
});

export type PacketSpec = z.infer<typeof partialPacket>;
export type QuotedSpec = z.infer<typeof quoted>;

/** The packet of a vector over that of its file. Another kind of packet takes the place of the file's, and of its quote. */
export function overlayPacket(base: PacketSpec, over: PacketSpec): PacketSpec {
  const replaced = KIND_NAMES.some((kind) => over[kind] !== undefined);
  const gone: readonly string[] = [
    ...(replaced ? KIND_NAMES : []),
    ...(replaced && over.icmp === undefined ? ['quote'] : []),
  ];
  return { ...Object.fromEntries(Object.entries(base).filter(([name]) => !gone.includes(name))), ...over };
}
