import { isIP } from 'node:net';
import type { Tuple } from '../../engines/index.ts';

/** An address and a port. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Reads `10.1.0.1:80` or `[fd00:1::1]:80`. @throws SyntaxError */
export function parseEndpoint(text: string): Endpoint {
  const match = /^(?:\[(?<v6>[0-9a-f:.]+)\]|(?<v4>[\d.]+)):(?<port>\d{1,5})$/.exec(text.trim());
  const address = match?.groups?.v6 ?? match?.groups?.v4 ?? '';
  const port = Number(match?.groups?.port);
  const expected = match?.groups?.v6 === undefined ? 4 : 6;
  if (isIP(address) !== expected || port > 0xffff) {
    throw new SyntaxError(`'${text.trim()}' is no endpoint: write 10.1.0.1:80 or [fd00:1::1]:80`);
  }
  return { address, port };
}

/** Reads an IP address. @throws SyntaxError */
export function parseAddress(text: string): string {
  if (isIP(text.trim()) === 0) throw new SyntaxError(`'${text.trim()}' is no IP address`);
  return text.trim();
}

/** Reads `10.1.0.1:80 > 10.2.0.2:8080`. @throws SyntaxError */
export function parseTuple(text: string): Tuple {
  const [source, destination] = parseArrow(text).map(parseEndpoint);
  if (source === undefined || destination === undefined) throw new SyntaxError(`'${text}' lacks a ' > '`);
  return {
    source: source.address,
    sourcePort: source.port,
    destination: destination.address,
    destinationPort: destination.port,
  };
}

/** Splits `A > B`. @throws SyntaxError */
export function parseArrow(text: string): readonly string[] {
  const parts = text.split(' > ');
  if (parts.length !== 2) throw new SyntaxError(`'${text}' must be two sides with ' > ' between them`);
  return parts;
}

/** A tuple the other way round. */
export function turned(tuple: Tuple): Tuple {
  return {
    source: tuple.destination,
    sourcePort: tuple.destinationPort,
    destination: tuple.source,
    destinationPort: tuple.sourcePort,
  };
}
