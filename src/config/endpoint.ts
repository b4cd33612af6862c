import { SluiceError } from '../errors/index.ts';
import { type Family, parseUnicastAddress } from './address.ts';
import { RANGES } from './limits.ts';

/** An address and a port. */
export interface Endpoint {
  readonly family: Family;
  /** Canonical text form, without brackets. */
  readonly ip: string;
  readonly port: number;
}

const ENDPOINT = /^(?:\[([^\]]*)\]|([^:[\]]*)):(\d+)$/;

/**
 * Reads `10.0.0.1:8080` or `[2001:db8::1]:80`.
 * @throws SluiceError `usage` that says what is wrong with the text.
 */
export function parseEndpoint(text: string): Endpoint {
  const [, bracketed, bare, portText = ''] = ENDPOINT.exec(text) ?? [];
  const addressText = bracketed ?? bare;
  if (addressText === undefined) throw refuse(text, 'the form is ADDRESS:PORT, with IPv6 in brackets');
  const address = parseUnicastAddress(addressText);
  if ('problem' in address) throw refuse(text, address.problem);
  if ((address.family === 6) !== (bracketed !== undefined))
    throw refuse(text, 'only IPv6 stands in brackets');
  const port = Number(portText);
  if (port < RANGES.port.min || port > RANGES.port.max || portText.startsWith('0')) {
    throw refuse(text, `a port is a number from ${RANGES.port.min} to ${RANGES.port.max}`);
  }
  return { family: address.family, ip: address.text, port };
}

/** True for a text that {@link parseEndpoint} reads. */
export function isEndpoint(text: string): boolean {
  try {
    parseEndpoint(text);
    return true;
  } catch {
    return false;
  }
}

/** The text form of an endpoint: `10.0.0.1:8080` or `[2001:db8::1]:80`. */
export function formatEndpoint(endpoint: { readonly ip: string; readonly port: number }): string {
  return endpoint.ip.includes(':') ? `[${endpoint.ip}]:${endpoint.port}` : `${endpoint.ip}:${endpoint.port}`;
}

function refuse(text: string, why: string): SluiceError {
  return new SluiceError('usage', `${JSON.stringify(text)} is not an address with a port: ${why}`, {
    fix: 'Write for example 10.0.0.1:8080 or [2001:db8::1]:8080.',
  });
}
