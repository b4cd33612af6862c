import { SocketAddress } from 'node:net';
import { type Family, HOST_NAME, type Service } from '../services.ts';

/** Signature, version and command, family, length: chapter 2.2 of the PROXY protocol's specification. */
const FIXED_BYTES = 16;
const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
const VERSION_2_PROXY = 0x21;
const FAMILIES: Readonly<Record<number, { readonly family: Family; readonly bytes: number }>> = {
  17: { family: 'v4', bytes: 4 },
  33: { family: 'v6', bytes: 16 },
};
const PORT_BYTES = 2;
const TLV_BYTES = 3;
const PP2_TYPE_AUTHORITY = 0x02;

/** One end of a connection. */
export interface End {
  readonly address: string;
  readonly port: number;
}

/**
 * Compares what a target has read in the header of a connection between these ends, the third part of its answer.
 * @throws Error when it is not what it must be, or there where none belongs
 */
export function checkHeader(service: Service, answer: string, client: End, listener: End): void {
  const [, , told] = answer.split('/');
  const name = service.isNamed ? HOST_NAME : undefined;
  const expected = service.isHeaded ? headerText(client, listener, name) : undefined;
  if (told !== expected) throw new Error(`the target was told ${told} and not ${expected}`);
}

/** Takes the PROXY header, of version 2, off a stream, and tells what it says; what is none is left in it. */
export function afterProxyHeader(onHeader: (text: string) => void): (chunk: Buffer) => Buffer {
  let begun: Buffer | undefined = Buffer.alloc(0);
  return (chunk) => {
    if (begun === undefined) return chunk;
    const all = Buffer.concat([begun, chunk]);
    const end = FIXED_BYTES + (isOne(all) ? all.readUInt16BE(FIXED_BYTES - PORT_BYTES) : 0);
    begun = all.length < end ? all : undefined;
    if (begun !== undefined) return Buffer.alloc(0);
    const text = readHeader(all.subarray(0, end));
    onHeader(text ?? 'no-header');
    return text === undefined ? all : all.subarray(end);
  };
}

function readHeader(header: Buffer): string | undefined {
  const { family, bytes } = FAMILIES[header.readUInt8(SIGNATURE.length + 1)] ?? {};
  if (!isOne(header) || family === undefined || bytes === undefined) return undefined;
  const address = (at: number) => textOf(family, header.subarray(at, at + bytes));
  const ports = FIXED_BYTES + 2 * bytes;
  const client = { address: address(FIXED_BYTES), port: header.readUInt16BE(ports) };
  const listener = { address: address(FIXED_BYTES + bytes), port: header.readUInt16BE(ports + PORT_BYTES) };
  return headerText(client, listener, authorityOf(header.subarray(ports + 2 * PORT_BYTES)));
}

function isOne(bytes: Buffer): boolean {
  const begins = bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE);
  return bytes.length >= FIXED_BYTES && begins && bytes[SIGNATURE.length] === VERSION_2_PROXY;
}

function authorityOf(tlvs: Buffer): string | undefined {
  for (let at = 0; at + TLV_BYTES <= tlvs.length; ) {
    const end = at + TLV_BYTES + tlvs.readUInt16BE(at + 1);
    if (tlvs[at] === PP2_TYPE_AUTHORITY) return tlvs.toString('latin1', at + TLV_BYTES, end);
    at = end;
  }
  return undefined;
}

function headerText(client: End, listener: End, authority: string | undefined): string {
  const ends = [client, listener].map(({ address, port }) => `${canonical(address)}.${port}`);
  return `${ends.join('>')}${authority === undefined ? '' : `@${authority}`}`;
}

function textOf(family: Family, bytes: Buffer): string {
  if (family === 'v4') return bytes.join('.');
  return (bytes.toString('hex').match(/.{4}/g) ?? []).join(':');
}

function canonical(address: string): string {
  return new SocketAddress({ address, family: address.includes(':') ? 'ipv6' : 'ipv4' }).address;
}
