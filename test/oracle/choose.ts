/** Which slot of its pool a new connection takes first: the rule of docs/algorithms.md. */
import { type Hex, isV4 } from './address.ts';
import type { Context } from './context.ts';
import { murmur3 } from './murmur.ts';
import type { Packet } from './packet.ts';

const PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17 };

/** The number whose remainder by the count of slots is the slot. */
export function slotNumber(
  context: Context,
  pool: number,
  packet: Pick<Packet, 'protocol' | 'tuple'>,
): number {
  const { choices, turns } = context.tables;
  const algorithm = choices[pool]?.algorithm;
  if (algorithm === undefined) return context.random();
  if (algorithm === 'source-hash') return murmur3(addressBytes(packet.tuple.source));
  if (algorithm === 'maglev') return murmur3(tupleBytes(packet));
  const turn = turns.get(pool) ?? 0;
  turns.set(pool, turn + 1);
  return turn;
}

/** An address as 16 bytes: IPv4 mapped into IPv6 (RFC 4291, 2.5.5.2). */
function addressBytes(address: Hex): Buffer {
  return Buffer.from(isV4(address) ? `${'0'.repeat(20)}ffff${address}` : address, 'hex');
}

function tupleBytes({ protocol, tuple }: Pick<Packet, 'protocol' | 'tuple'>): Buffer {
  const ports = Buffer.alloc(8);
  ports.writeUInt16BE(tuple.sourcePort, 0);
  ports.writeUInt16BE(tuple.destinationPort, 2);
  ports.writeUInt8(PROTOCOLS[protocol] ?? 0, 4);
  return Buffer.concat([addressBytes(tuple.source), addressBytes(tuple.destination), ports]);
}
