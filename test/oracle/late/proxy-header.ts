/** The header of the PROXY protocol, version 2, written from its specification (2.2 and 2.2.2). */
import { isV4 } from '../address.ts';
import type { HexTuple } from '../packet.ts';

const SIGNATURE = '0d0a0d0a000d0a515549540a';
/** Version 2, command PROXY. */
const PROXY = '21';
/** Families, each over a stream. */
const FAMILY = { v4: '11', v6: '21' } as const;
const AUTHORITY = 0x02;

/** The header for a client's connection. @param name what the client asks for, if that is known */
export function proxyHeader(client: HexTuple, name?: string): Buffer {
  const ports = Buffer.alloc(4);
  ports.writeUInt16BE(client.sourcePort, 0);
  ports.writeUInt16BE(client.destinationPort, 2);
  const rest = Buffer.concat([
    Buffer.from(client.source + client.destination, 'hex'),
    ports,
    ...(name === undefined ? [] : [authority(name)]),
  ]);
  const family = isV4(client.source) ? FAMILY.v4 : FAMILY.v6;
  const length = Buffer.alloc(2);
  length.writeUInt16BE(rest.length);
  return Buffer.concat([Buffer.from(SIGNATURE + PROXY + family, 'hex'), length, rest]);
}

function authority(name: string): Buffer {
  const value = Buffer.from(name, 'latin1');
  const head = Buffer.from([AUTHORITY, 0, 0]);
  head.writeUInt16BE(value.length, 1);
  return Buffer.concat([head, value]);
}
