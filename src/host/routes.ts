import { isIP } from 'node:net';
import { z } from 'zod';
import { SluiceError } from '../errors/index.ts';
import { type CommandResult, type HostIo, systemIo } from './io.ts';
import { ipFailure, parseIpRows } from './ip.ts';
import type { HostRoute, RouteQuery } from './model.ts';

const routeRow = z.object({
  type: z.enum(['unicast', 'local', 'broadcast', 'multicast', 'anycast']).default('unicast'),
  dev: z.string(),
  gateway: z.string().optional(),
  via: z.object({ host: z.string() }).optional(),
  prefsrc: z.string().optional(),
  metrics: z.array(z.object({ mtu: z.number().optional() })).optional(),
});

/** What the kernel answers when a route says no, by the text of its errno. */
const REJECTIONS: readonly (readonly [string, HostRoute | null])[] = [
  ['Network is unreachable', null],
  ['No route to host', { type: 'unreachable' }],
  ['Permission denied', { type: 'prohibit' }],
  ['Invalid argument', { type: 'blackhole' }],
  ['Invalid cross-device link', { type: 'martian' }],
];

/**
 * Asks the kernel how it would reach `address`; null when it has no route.
 * @throws SluiceError `usage` when an address is malformed, `kernel` when `ip` fails otherwise.
 */
export async function routeTo(
  address: string,
  options: Omit<RouteQuery, 'address'> = {},
  io: HostIo = systemIo,
): Promise<HostRoute | null> {
  const [route] = await routesTo([{ ...options, address }], io);
  return route ?? null;
}

/**
 * Looks up many routes with one command (5,000 take about 70 ms); the answers are in the order of the queries.
 * @throws as {@link routeTo}.
 */
export async function routesTo(
  queries: readonly RouteQuery[],
  io: HostIo = systemIo,
): Promise<(HostRoute | null)[]> {
  if (queries.length === 0) return [];
  const stdin = queries.map(batchLine).join('');
  const result = await io.run('ip', ['-j', '-force', '-batch', '-'], { stdin, timeoutMs: 30_000 });
  return pairAnswers(queries, result);
}

function batchLine(query: RouteQuery): string {
  const words = ['route', 'get', checkAddress(query.address)];
  if (query.from !== undefined) words.push('from', checkAddress(query.from));
  if (query.iif !== undefined) words.push('iif', checkInterface(query.iif));
  if (query.mark !== undefined) words.push('mark', String(query.mark));
  return `${words.join(' ')}\n`;
}

function checkAddress(text: string): string {
  if (isIP(text) !== 0) return text;
  throw new SluiceError('usage', `"${text}" is not an IPv4 or IPv6 address`);
}

function checkInterface(name: string): string {
  if (/^[^\s/]{1,15}$/.test(name)) return name;
  throw new SluiceError('usage', `"${name}" is not a name that an interface can have`);
}

/** Answers of the look-ups that worked come in order on stdout; stderr numbers the lines that failed. */
function pairAnswers(queries: readonly RouteQuery[], result: CommandResult): (HostRoute | null)[] {
  const failures = readFailures(result.stderr);
  const answers = result.stdout.split('\n').filter((line) => line.trim() !== '');
  if (answers.length + failures.size !== queries.length) {
    throw ipFailure('ip route get', result.stderr);
  }
  let next = 0;
  return queries.map((query, index) => {
    const failure = failures.get(index + 1);
    return failure === undefined ? toRoute(query, answers[next++] ?? '') : toRejection(query, failure);
  });
}

/** Reads pairs of lines: the reason, then `Command failed -:LINE`. */
function readFailures(stderr: string): Map<number, string> {
  const failures = new Map<number, string>();
  let reason = '';
  for (const line of stderr.split('\n')) {
    const failed = /^Command failed -:(\d+)$/.exec(line.trim());
    if (failed !== null) failures.set(Number(failed[1]), reason);
    else reason = line.trim();
  }
  return failures;
}

function toRoute(query: RouteQuery, text: string): HostRoute | null {
  const [row] = parseIpRows(`ip -j route get ${query.address}`, text, routeRow);
  if (row === undefined) return null;
  return {
    type: row.type,
    dev: row.dev,
    gateway: row.gateway ?? row.via?.host ?? null,
    prefSource: row.prefsrc ?? null,
    mtu: row.metrics?.find((metric) => metric.mtu !== undefined)?.mtu ?? null,
  };
}

function toRejection(query: RouteQuery, reason: string): HostRoute | null {
  const known = REJECTIONS.find(([text]) => reason.endsWith(text));
  if (known !== undefined) return known[1];
  throw new SluiceError('kernel', `"ip route get ${query.address}" failed: ${reason}`);
}
