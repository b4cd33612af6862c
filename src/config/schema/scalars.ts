import * as z from 'zod';
import { parsePrefix, parseUnicastAddress, type Refusal } from '../address.ts';
import { isEndpoint } from '../endpoint.ts';
import { MAX_PAYLOAD_BYTES, RANGES, type Range } from '../limits.ts';
import { payloadBytes } from '../payload.ts';
import { refuseSecret } from '../secret.ts';

/** The longest name that the kernel gives an interface, bytes. */
const MAX_INTERFACE_NAME = 15;
/** The longest DNS name, bytes. */
const MAX_SNI_NAME = 255;
const INTERFACE_NAME = /^[^\s/:]+$/;
const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const PROXY_NAME = /^[^\s\u0000-\u001f\u007f](?:[^\u0000-\u001f\u007f]{0,126}[^\s\u0000-\u001f\u007f])?$/;

/** An integer of a range. */
export function integer({ min, max }: Range) {
  const error = `expected an integer from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

/** True or false. */
export function flag() {
  return z.boolean({ error: 'expected true or false' });
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `expected ${alternatives(words)}` });
}

/** A text that `refuse` has nothing against. */
function text(expected: string, refuse: (value: string) => string | undefined) {
  return z.string({ error: `expected ${expected}` }).check((context) => {
    const problem = refuse(context.value);
    if (problem !== undefined) {
      context.issues.push({
        code: 'custom',
        message: `expected ${expected}${problem === '' ? '' : `; ${problem}`}`,
        input: context.value,
      });
    }
  });
}

/** A port of TCP or UDP. */
export function port() {
  return integer(RANGES.port);
}

/** An address to listen on. */
export function listenAddress() {
  return text('an IPv4 or IPv6 address', (value) => {
    if (value === '0.0.0.0' || value === '::') return 'to listen on every address, name interfaces instead';
    return problemOf(parseUnicastAddress(value));
  });
}

/** The address of a target. */
export function targetAddress() {
  return text('an IPv4 or IPv6 address', (value) => {
    const address = parseUnicastAddress(value);
    if ('problem' in address) {
      return HOST_NAME.test(value) && /[a-z]/i.test(value) ? 'a DNS name belongs in `host`' : address.problem;
    }
    return /^fe[89ab]/.test(address.text) ? 'a link-local address cannot be routed to' : undefined;
  });
}

/** An address or CIDR that clients come from. */
export function source() {
  return text('an IPv4 or IPv6 address or CIDR', (value) => problemOf(parsePrefix(value)));
}

/** A DNS name. */
export function hostName() {
  return text('a DNS name', (value) => {
    if (!('problem' in parseUnicastAddress(value))) return 'an address belongs in `ip`';
    return HOST_NAME.test(value) ? undefined : 'letters, digits and hyphens, in labels of 63 at most';
  });
}

/** A DNS server: an address, with its port where that is not 53. */
export function dnsServer() {
  return text('an address, or ADDRESS:PORT with IPv6 in brackets', (value) => {
    if (!('problem' in parseUnicastAddress(value))) return undefined;
    return isEndpoint(value) ? undefined : '';
  });
}

/** The host name that a TLS client asks for, or `*.` and a name: any one label in place of the `*`. */
export function sniHostName() {
  return text('a host name, or `*.` and a host name', (value) => {
    if (/\*/.test(value.slice(1))) return 'a `*` stands for the whole first label, and nowhere else';
    const name = value.startsWith('*.') ? value.slice(2) : value;
    return HOST_NAME.test(name) && value.length <= MAX_SNI_NAME
      ? undefined
      : 'letters, digits and hyphens, in labels of 63 at most';
  });
}

/** Where lines go: a file, or standard output. */
export function pathOrStdout() {
  return text('an absolute path, or "stdout"', (value) => {
    if (value.includes('\0')) return 'without a zero byte';
    return value === 'stdout' || (value.startsWith('/') && !value.endsWith('/')) ? undefined : '';
  });
}

/** The name of a network interface. */
export function interfaceName() {
  return text('the name of an interface', (value) => {
    if (Buffer.byteLength(value) > MAX_INTERFACE_NAME) return `at most ${MAX_INTERFACE_NAME} bytes`;
    const valid = INTERFACE_NAME.test(value) && value !== '.' && value !== '..';
    return valid ? undefined : 'without spaces, "/" or ":"';
  });
}

/** The name of a proxy. */
export function proxyName() {
  return text('a name of 1 to 128 printable characters', (value) =>
    PROXY_NAME.test(value) ? undefined : '',
  );
}

/** The path of a file, from the root. */
export function absolutePath() {
  return text('an absolute path', (value) => (/^\/[^\0]+$/.test(value) ? undefined : 'it begins with "/"'));
}

/** The payload of a datagram. */
export function payload() {
  return text('a text, or "hex:" and hexadecimal bytes', (value) => {
    const bytes = payloadBytes(value);
    if (bytes === null) return 'two hexadecimal digits for each byte';
    return bytes.length > MAX_PAYLOAD_BYTES ? `at most ${MAX_PAYLOAD_BYTES} bytes` : undefined;
  });
}

/** The path of a URL. */
export function urlPath() {
  return text('a path that begins with "/"', (value) => (/^\/\S*$/.test(value) ? undefined : ''));
}

/** An address to bind to, which may be that of every interface. */
export function bindAddress() {
  return text('an IPv4 or IPv6 address', (value) =>
    value === '0.0.0.0' || value === '::' ? undefined : problemOf(parseUnicastAddress(value)),
  );
}

/** The origin of web pages: `https://name:port`. */
export function origin() {
  return text('an origin: https://NAME or https://NAME:PORT', (value) =>
    URL.canParse(value) && new URL(value).origin === value ? undefined : '',
  );
}

/** A secret that clients send as a bearer token. */
export function secret() {
  return text('a secret', refuseSecret);
}

/** A SHA-256, in hexadecimal. */
export function sha256() {
  return text('64 hexadecimal digits', (value) => (/^[0-9a-f]{64}$/i.test(value) ? undefined : ''));
}

function problemOf(parsed: object | Refusal): string | undefined {
  return 'problem' in parsed ? parsed.problem : undefined;
}

function alternatives(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  const last = quoted.pop();
  return quoted.length === 0 ? `${last}` : `${quoted.join(', ')} or ${last}`;
}
