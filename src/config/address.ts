import { isIPv4, isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The version of the Internet Protocol. */
export type Family = 4 | 6;

/** An address in canonical text form. */
export interface Address {
  readonly family: Family;
  readonly text: string;
}

/** A prefix in canonical text form. */
export interface Prefix {
  readonly family: Family;
  /** `192.168.1.0/24`, `2001:db8::/32`; a single address has the full length. */
  readonly text: string;
  /** Whether the text that was read had bits set behind the prefix length. */
  readonly hadHostBits: boolean;
}

/** Why a text is not what it should be: a clause that follows "expected ...; ". */
export interface Refusal {
  readonly problem: string;
}

const LEADING_ZERO = /(^|\.)0\d/;
const DOTTED_QUAD = /^\d+\.\d+\.\d+\.\d+$/;
const SHORT_IPV4 = /^\d+(\.\d+){0,2}$/;

/**
 * Reads an IPv4 or IPv6 address strictly. Refuses what other readers take for something else: shortened and
 * octal-looking IPv4, IPv4 inside IPv6, zone ids.
 */
export function parseAddress(text: string): Address | Refusal {
  if (isIPv4(text)) return { family: 4, text };
  if (text.includes('%')) return { problem: 'a zone id (%) is not allowed' };
  if (!isIPv6(text)) return { problem: whyNotAnAddress(text) };
  const address = ipaddr.IPv6.parse(text);
  if (address.isIPv4MappedAddress()) {
    return { problem: `write the IPv4 address itself: ${address.toIPv4Address().toString()}` };
  }
  return { family: 6, text: address.toRFC5952String() };
}

/** Reads an address that one host can have: neither unspecified nor multicast nor broadcast. */
export function parseUnicastAddress(text: string): Address | Refusal {
  const address = parseAddress(text);
  if ('problem' in address) return address;
  const kind = address.family === 4 ? specialIpv4(address.text) : specialIpv6(address.text);
  return kind === undefined
    ? address
    : { problem: `${address.text} is ${kind}, not the address of one host` };
}

/** Whether only this host can reach an address. */
export function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/** Reads an address or CIDR as a prefix; bits behind the prefix length are cleared. */
export function parsePrefix(text: string): Prefix | Refusal {
  const [addressText = '', lengthText, ...rest] = text.split('/');
  if (rest.length > 0) return { problem: 'there is more than one "/"' };
  const address = parseAddress(addressText);
  if ('problem' in address) return address;
  const bits = address.family === 4 ? 32 : 128;
  if (lengthText === undefined) return { ...address, text: `${address.text}/${bits}`, hadHostBits: false };
  const length = /^(0|[1-9]\d{0,2})$/.test(lengthText) ? Number(lengthText) : bits + 1;
  if (length > bits)
    return { problem: `the prefix length of IPv${address.family} is a number from 0 to ${bits}` };
  const network = networkOf(address, length);
  return { family: address.family, text: `${network}/${length}`, hadHostBits: network !== address.text };
}

/** The address with every bit behind the first `length` cleared. */
function networkOf(address: Address, length: number): string {
  const bytes = ipaddr.parse(address.text).toByteArray();
  const cleared = bytes.map((byte, index) => {
    const kept = Math.min(8, Math.max(0, length - index * 8));
    return byte & (0xff << (8 - kept)) & 0xff;
  });
  const network = ipaddr.fromByteArray(cleared);
  return network instanceof ipaddr.IPv6 ? network.toRFC5952String() : network.toString();
}

function whyNotAnAddress(text: string): string {
  if (DOTTED_QUAD.test(text) && LEADING_ZERO.test(text)) {
    return `a leading zero may mean octal; write ${text.split('.').map(Number).join('.')}`;
  }
  if (DOTTED_QUAD.test(text)) return 'each of the four numbers is from 0 to 255';
  if (SHORT_IPV4.test(text)) return 'an IPv4 address is four numbers; shortened forms are not accepted';
  if (text.includes('/')) return 'a prefix length is not allowed here';
  if (/^(\d+\.){3}\d+:\d+$|^\[.*\]/.test(text)) return 'the port is a field of its own';
  return 'it is neither';
}

function specialIpv4(text: string): string | undefined {
  const first = Number(text.slice(0, text.indexOf('.')));
  if (first === 0) return 'an unspecified address';
  if (first >= 224 && first <= 239) return 'a multicast address';
  return text === '255.255.255.255' ? 'the broadcast address' : undefined;
}

function specialIpv6(text: string): string | undefined {
  if (text === '::') return 'the unspecified address';
  return text.startsWith('ff') && text.indexOf(':') === 4 ? 'a multicast address' : undefined;
}
