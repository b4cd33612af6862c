import { addressBytes } from './address.ts';
import { internetChecksum, pseudoHeader } from './checksum.ts';
import type { DecodedFrame, DecodedIp } from './decoded.ts';
import { PROTOCOL } from './protocol.ts';
import { reassemble } from './reassemble.ts';

/** A checksum that is wrong. */
export interface ChecksumFault {
  /** Position in the list of frames; of the last fragment when the datagram came in several. */
  readonly frame: number;
  /** `ipv4`, `tcp`, `udp`, `icmp`, `icmpv6`; `quoted-ipv4` is the header inside an ICMP error. */
  readonly layer: 'ipv4' | 'quoted-ipv4' | 'tcp' | 'udp' | 'icmp' | 'icmpv6';
  /** What the packet is, for messages. */
  readonly packet: string;
}

/**
 * Checks every checksum of the frames, putting fragments together first. Frames captured at a sender with checksum
 * offload have unfinished checksums and fail; capture at the receiver, with `tx off` at the sender.
 */
export function checksumFaults(frames: readonly DecodedFrame[]): readonly ChecksumFault[] {
  const packets = frames.flatMap(({ ip }, frame) => (ip ? [{ frame, ip }] : []));
  const headers = packets.flatMap(({ frame, ip }) => headerFaults(frame, ip));
  const payloads = reassemble(packets).flatMap(({ frame, ip }) => payloadFaults(frame, ip));
  return [...headers, ...payloads];
}

function headerFaults(frame: number, ip: DecodedIp): readonly ChecksumFault[] {
  const quoted = ip.transport?.kind === 'icmp' ? ip.transport.quoted : undefined;
  const fault = (layer: ChecksumFault['layer']): ChecksumFault => ({ frame, layer, packet: describe(ip) });
  return [
    ...(ip.version === 4 && internetChecksum(ip.header) !== 0 ? [fault('ipv4')] : []),
    ...(quoted && internetChecksum(quoted.header) !== 0 ? [fault('quoted-ipv4')] : []),
  ];
}

function payloadFaults(frame: number, ip: DecodedIp): readonly ChecksumFault[] {
  const { transport, payload } = ip;
  if (!transport || ip.truncated) return [];
  // Zero means "none" over IPv4 (RFC 768) and is forbidden over IPv6 (RFC 8200 8.1).
  if (transport.kind === 'udp' && transport.checksum === 0 && ip.version === 4) return [];
  const pseudo =
    ip.protocol === PROTOCOL.icmp
      ? []
      : [pseudoHeader(addressBytes(ip.source), addressBytes(ip.destination), ip.protocol, payload.length)];
  const right =
    internetChecksum(...pseudo, payload) === 0 && !(transport.kind === 'udp' && transport.checksum === 0);
  return right ? [] : [{ frame, layer: transport.kind, packet: describe(ip) }];
}

function describe(ip: DecodedIp): string {
  const { transport } = ip;
  const ports =
    transport && 'sourcePort' in transport ? [transport.sourcePort, transport.destinationPort] : ['', ''];
  return `${transport?.kind ?? `protocol ${ip.protocol}`} ${ip.source} ${ports[0]} -> ${ip.destination} ${ports[1]}`;
}
