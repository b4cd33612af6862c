/**
 * Inside the oracle an address is its hexadecimal digits as they lie on the wire: 8 for IPv4, 32 for IPv6. So equal
 * addresses are equal strings, and the family is the length.
 */
export type Hex = string;

/** Digits of an address written as text. */
export function addressHex(text: string): Hex {
  if (!text.includes(':')) return text.split('.').map(hexByte).join('');
  const [head = '', tail] = text.split('::');
  const front = groups(head);
  const back = groups(tail ?? '');
  const missing = tail === undefined ? 0 : 8 - front.length - back.length;
  return [...front, ...Array<string>(missing).fill('0000'), ...back].join('');
}

/** Text of an address, IPv6 as RFC 5952 wants it: lower case, the longest run of zero groups shortened. */
export function addressText(hex: Hex): string {
  if (isV4(hex)) return (hex.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).join('.');
  const short = (hex.match(/..../g) ?? []).map((group) => group.replace(/^0{1,3}/, ''));
  const runs = `,${short.join(',')},`.match(/,(?:0,){2,}/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  const text = `,${short.join(',')},`;
  const cut = longest === '' ? text : text.replace(longest, '::');
  return cut.replace(/^,|,$/g, '').replaceAll(',', ':');
}

/** Whether it is an IPv4 address. */
export function isV4(hex: Hex): boolean {
  return hex.length === 8;
}

/** Whether an IPv6 address holds an IPv4 one (RFC 4291, 2.5.5.2). */
export function isMapped(hex: Hex): boolean {
  return hex.startsWith('00000000000000000000ffff') && !isV4(hex);
}

/** Digits of `aa:bb:cc:dd:ee:ff`. */
export function macHex(text: string): Hex {
  return text.replaceAll(':', '');
}

/** Text of a MAC address. */
export function macText(hex: Hex): string {
  return (hex.match(/../g) ?? []).join(':');
}

/** A network: addresses that begin with these digits and, behind them, these bits of one digit more. */
export interface Prefix {
  readonly digits: Hex;
  readonly bits: string;
  readonly length: number;
  readonly v4: boolean;
}

/** Reads `10.0.0.0/8`, `fd00::/64`. */
export function prefixOf(text: string): Prefix {
  const [address = '', suffix = '0'] = text.split('/');
  const hex = addressHex(address);
  const length = Number(suffix);
  const whole = Math.floor(length / 4);
  return {
    digits: hex.slice(0, whole),
    bits: bitsOf(hex[whole]).slice(0, length % 4),
    length,
    v4: isV4(hex),
  };
}

/** Whether the network holds the address. */
export function holds(prefix: Prefix, hex: Hex): boolean {
  return (
    prefix.v4 === isV4(hex) &&
    hex.startsWith(prefix.digits) &&
    bitsOf(hex[prefix.digits.length]).startsWith(prefix.bits)
  );
}

function bitsOf(digit = '0'): string {
  return Number.parseInt(digit, 16).toString(2).padStart(4, '0');
}

function groups(text: string): string[] {
  return text === '' ? [] : text.split(':').map((group) => group.padStart(4, '0').toLowerCase());
}

function hexByte(text: string): string {
  return Number(text).toString(16).padStart(2, '0');
}
