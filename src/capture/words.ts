import { type Family, parseAddress, parsePrefix } from '../config/index.ts';
import { SluiceError } from '../errors/index.ts';

/** What an end of a packet must be. */
export interface CaptureCondition {
  readonly ends: 'source' | 'destination' | 'either';
  /** CIDR; absent: any address. */
  readonly network?: string;
  /** Absent: any port. */
  readonly port?: number;
}

/** The protocols that have words. */
export type CaptureProtocol = 'tcp' | 'udp' | 'icmp' | 'icmp6';

/** Addresses, ports and protocol that a packet must have, all at once. */
export interface TupleFilter {
  readonly conditions: readonly CaptureCondition[];
  readonly protocol?: CaptureProtocol;
  readonly family?: Family;
}

/** Conditions that the kernel has room for. */
const MOST_CONDITIONS = 4;
const FIX = 'write it as: host 10.0.0.7 and tcp port 443 (also src, dst, net, udp, icmp, icmp6, ip, ip6)';
const DIRECTIONS: Readonly<Record<string, CaptureCondition['ends']>> = { src: 'source', dst: 'destination' };

/**
 * Reads a filter in tcpdump's words. Words follow each other, with or without `and`; all must hold.
 * @throws SluiceError `usage` with the word that is wrong
 */
export function parseCaptureFilter(text: string): TupleFilter {
  const words = text.split(/\s+/).filter((word) => word !== '' && word !== 'and' && word !== '&&');
  const conditions: CaptureCondition[] = [];
  let filter: Omit<TupleFilter, 'conditions'> = {};
  while (words.length > 0) {
    const about = aboutOf(words[0]);
    if (about !== null) {
      words.shift();
      filter = merge(filter, about);
    } else {
      conditions.push(takeCondition(words));
    }
  }
  if (conditions.length > MOST_CONDITIONS) {
    throw refused(`it has ${conditions.length} addresses and ports, of at most ${MOST_CONDITIONS}`);
  }
  return { ...filter, conditions };
}

/** What a word says of the whole packet; null when it is none of those. */
function aboutOf(word: string | undefined): Omit<TupleFilter, 'conditions'> | null {
  switch (word) {
    case 'tcp':
    case 'udp':
      return { protocol: word };
    case 'icmp':
      return { protocol: word, family: 4 };
    case 'icmp6':
      return { protocol: word, family: 6 };
    case 'ip':
      return { family: 4 };
    case 'ip6':
      return { family: 6 };
    default:
      return null;
  }
}

function merge(a: Omit<TupleFilter, 'conditions'>, b: Omit<TupleFilter, 'conditions'>) {
  const isOther = (name: 'protocol' | 'family') =>
    a[name] !== undefined && b[name] !== undefined && a[name] !== b[name];
  if (isOther('protocol') || isOther('family')) throw refused('no packet can be of two protocols');
  return { ...a, ...b };
}

/** `[src|dst] [host|net|port] VALUE` from the front of the words. */
function takeCondition(words: string[]): CaptureCondition {
  const first = words.shift() ?? '';
  const ends = DIRECTIONS[first];
  const next = ends === undefined ? first : (words.shift() ?? '');
  const kind = isKind(next) ? next : 'host';
  const value = isKind(next) ? (words.shift() ?? '') : next;
  if (ends === undefined && !isKind(next)) throw refused(`it has no word "${first}"`);
  if (value === '') throw refused(`nothing follows "${first}"`);
  return { ends: ends ?? 'either', ...whatOf(kind, value) };
}

function isKind(word: string): word is 'host' | 'net' | 'port' {
  return word === 'host' || word === 'net' || word === 'port';
}

function whatOf(kind: 'host' | 'net' | 'port', value: string): Omit<CaptureCondition, 'ends'> {
  switch (kind) {
    case 'port':
      return { port: portOf(value) };
    case 'host': {
      const address = parseAddress(value);
      if ('problem' in address) throw refused(`"${value}" is no address`);
      return { network: `${address.text}/${address.family === 4 ? 32 : 128}` };
    }
    case 'net':
      return { network: networkOf(value) };
  }
}

function networkOf(value: string): string {
  const prefix = parsePrefix(value);
  if ('problem' in prefix) throw refused(`"${value}" is no network`);
  if (prefix.text === '::/0') throw refused('"net ::/0" is all of IPv6: write ip6');
  return prefix.text;
}

function portOf(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port > 0 && port < 65_536) return port;
  throw refused(`"${value}" is no port from 1 to 65535`);
}

function refused(why: string): SluiceError {
  return new SluiceError('usage', `the filter is not understood: ${why}`, { fix: FIX });
}
