import { type Line, piece } from './text.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['up, down, j, k, page keys', 'select a row'],
  ['Enter, right', 'look into the proxy: its targets, their pools, and why they are as they are'],
  ['Esc, left', 'back to all proxies'],
  ['d', 'drain the selected target (asks first)'],
  ['u', 'make the selected target ready again (asks first)'],
  ['s', 'sort by the next of: config, name, connects, bits, open, failed, latency'],
  ['n, c, b, o, f, l', 'sort by name, connections, bits, open flows, failed attempts, latency (p95)'],
  ['r', 'the other way round'],
  ['t', 'proxies without or with their targets'],
  ['space, p', 'stand still, or go on'],
  ['Ctrl-L', 'draw everything anew'],
  ['Ctrl-Z', 'suspend; `fg` comes back'],
  ['q, Ctrl-C', 'quit'],
];

/** What keys do, and what columns mean. */
export function helpLines(): readonly Line[] {
  const width = Math.max(...KEYS.map(([key]) => key.length));
  return [
    ...KEYS.map(([key, meaning]): Line => [piece(`  ${key.padEnd(width)}  `, 'heading'), piece(meaning)]),
    [],
    [piece('  FAILED/S: attempts to connect that the target refused, or did not answer within a second')],
    [piece('  SHARE: of new connections, in the first pool that has the target')],
    [piece('  P50, P95, P99: from SYN to SYN-ACK, of the connections of the last minute')],
    [],
    [piece('  any key goes back', 'faint')],
  ];
}
