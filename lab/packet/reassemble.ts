import type { DecodedIp } from './decoded.ts';
import { decodeTransport } from './transport.ts';

/** A packet and the position of its (last) frame in the capture. */
export interface PositionedPacket {
  readonly frame: number;
  readonly ip: DecodedIp;
}

/** Puts fragments together; whole packets pass as they are, datagrams with missing fragments are left out. */
export function reassemble(packets: readonly PositionedPacket[]): readonly PositionedPacket[] {
  const whole: PositionedPacket[] = [];
  const parts = new Map<string, PositionedPacket[]>();
  for (const packet of packets) {
    const { fragment } = packet.ip;
    if (!fragment) {
      whole.push(packet);
      continue;
    }
    const key = [packet.ip.source, packet.ip.destination, packet.ip.protocol, fragment.id].join(' ');
    const list = [...(parts.get(key) ?? []), packet];
    const joined = join(list);
    if (joined) whole.push({ frame: packet.frame, ip: joined });
    if (joined) parts.delete(key);
    else parts.set(key, list);
  }
  return whole;
}

function join(parts: readonly PositionedPacket[]): DecodedIp | undefined {
  const ordered = parts.map((part) => part.ip).sort((a, b) => offsetOf(a) - offsetOf(b));
  let end = 0;
  for (const ip of ordered) {
    if (offsetOf(ip) !== end) return undefined;
    end += ip.payload.length;
  }
  const [first] = ordered;
  if (!first || ordered.at(-1)?.fragment?.more !== false) return undefined;
  const payload = Buffer.concat(ordered.map((ip) => ip.payload));
  const transport = decodeTransport(first.protocol, payload);
  const { fragment: _, transport: __, ...rest } = first;
  return { ...rest, payload, ...(transport ? { transport } : {}) };
}

function offsetOf(ip: DecodedIp): number {
  return ip.fragment?.offset ?? 0;
}
