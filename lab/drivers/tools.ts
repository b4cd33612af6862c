import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { ExecOptions, ExecResult, Host } from '../host/index.ts';
import { WHO } from '../services/index.ts';

/**
 * Runs curl, quiet but for errors.
 * @returns its exit status (7 refused, 28 timeout, 56 reset, ...) and what it printed.
 */
export function curl(host: Host, args: readonly string[], options: ExecOptions = {}): Promise<ExecResult> {
  return host.exec(['curl', '--silent', '--show-error', '--globoff', '--max-time', '30', ...args], options);
}

/** Asks a DNS server behind the balancer for its own name, `count` times from as many source ports. */
export async function dig(
  host: Host,
  server: string,
  options: { readonly port?: number; readonly count?: number } = {},
) {
  const questions = Array.from({ length: options.count ?? 1 }, () => [WHO, 'TXT', '+short']);
  const flags = ['-p', String(options.port ?? 53), '+tries=1', '+time=2'];
  const stdout = await host.run(['dig', `@${server}`, ...flags, ...questions.flat()]);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('"'))
    .map((line) => line.replaceAll('"', ''));
}

/** Options of {@link wrk}. */
export interface WrkOptions {
  /** Parallel connections; default 32. */
  readonly connections?: number;
  /** Default 1. */
  readonly threads?: number;
  /** Default 2. */
  readonly seconds?: number;
  /** Reuse connections (measures requests); false opens a new one each time (measures connections). Default false. */
  readonly keepAlive?: boolean;
}

/** What wrk measured. */
export interface WrkResult {
  readonly requests: number;
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Connect, read, write and timeout errors together, and answers that are not 2xx or 3xx. */
  readonly errors: number;
}

/** Loads a URL with wrk. @throws SluiceError `kernel` when wrk cannot connect at all. */
export async function wrk(host: Host, url: string, options: WrkOptions = {}): Promise<WrkResult> {
  const { connections = 32, threads = 1, seconds = 2, keepAlive = false } = options;
  const argv = ['wrk', '--latency', '-c', String(connections), '-t', String(threads), '-d', `${seconds}s`];
  // wrk only sees the header with the space after the colon.
  const header = keepAlive ? [] : ['-H', 'Connection: close'];
  return parseWrk(await host.run([...argv, ...header, url], { timeoutMs: (seconds + 30) * 1000 }));
}

/** Reads wrk's report. @throws Error when it has another form. */
export function parseWrk(report: string): WrkResult {
  const socketErrors = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(report);
  const badAnswers = /Non-2xx or 3xx responses: (\d+)/.exec(report);
  const errors = [...(socketErrors?.slice(1) ?? []), badAnswers?.[1] ?? '0'].map(Number);
  return {
    requests: Number(captured(report, /(\d+) requests in/)),
    requestsPerSecond: Number(captured(report, /Requests\/sec:\s+([\d.]+)/)),
    p50Ms: milliseconds(captured(report, /50%\s+([\d.]+\w+)/)),
    p99Ms: milliseconds(captured(report, /99%\s+([\d.]+\w+)/)),
    errors: errors.reduce((sum, count) => sum + count, 0),
  };
}

/** Options of {@link iperf3}. */
export interface Iperf3Options {
  /** Default 5201. */
  readonly port?: number;
  /** Default 1. */
  readonly seconds?: number;
  readonly udp?: boolean;
  /** Rate of a UDP test in iperf3's notation; default `100M`. */
  readonly bandwidth?: string;
  /** The server sends. */
  readonly reverse?: boolean;
  /** Parallel streams; default 1. */
  readonly parallel?: number;
}

/** What iperf3 measured. */
export interface Iperf3Result {
  readonly bitsPerSecond: number;
  readonly bytes: number;
  /** TCP segments sent again; 0 for UDP. */
  readonly retransmits: number;
  /** UDP datagrams lost, percent; 0 for TCP. */
  readonly lostPercent: number;
}

const summary = z.object({
  bits_per_second: z.number(),
  bytes: z.number(),
  retransmits: z.number().optional(),
  lost_percent: z.number().optional(),
});
const iperf3Report = z.object({
  end: z.object({ sum: summary.optional(), sum_sent: summary.optional(), sum_received: summary.optional() }),
  error: z.string().optional(),
});
type Iperf3Report = z.infer<typeof iperf3Report>;

/** A server measures for one client at a time, and takes a moment to be done with the one before. */
const BUSY = /server is busy/;
const BUSY_PAUSE_MS = 100;
const BUSY_TRIES = 100;

/** Runs an iperf3 client. @throws SluiceError `kernel` with iperf3's words when the test fails. */
export async function iperf3(
  host: Host,
  address: string,
  options: Iperf3Options = {},
): Promise<Iperf3Result> {
  const { port = 5201, seconds = 1, parallel = 1, bandwidth = '100M' } = options;
  const argv = [
    'iperf3',
    '-c',
    address,
    '-p',
    String(port),
    '-t',
    String(seconds),
    '-P',
    String(parallel),
    '--json',
  ];
  const flags = [...(options.udp ? ['-u', '-b', bandwidth] : []), ...(options.reverse ? ['-R'] : [])];
  const report = await whenFree(async () => {
    const stdout = await host.run([...argv, ...flags], { timeoutMs: (seconds + 30) * 1000 });
    return iperf3Report.parse(JSON.parse(stdout));
  });
  const { end } = report;
  const received = end.sum_received ?? end.sum;
  if (!received) throw new Error(`iperf3 gave no summary: ${JSON.stringify(report)}`);
  return {
    bitsPerSecond: received.bits_per_second,
    bytes: received.bytes,
    retransmits: end.sum_sent?.retransmits ?? 0,
    lostPercent: end.sum?.lost_percent ?? 0,
  };
}

async function whenFree(measure: () => Promise<Iperf3Report>): Promise<Iperf3Report> {
  let report = await measure();
  for (let tries = 1; tries < BUSY_TRIES && BUSY.test(report.error ?? ''); tries++) {
    await sleep(BUSY_PAUSE_MS);
    report = await measure();
  }
  return report;
}

function captured(report: string, pattern: RegExp): string {
  const value = pattern.exec(report)?.[1];
  if (value === undefined) throw new Error(`wrk's report has no ${pattern}: ${report}`);
  return value;
}

function milliseconds(text: string): number {
  const value = Number.parseFloat(text);
  if (text.endsWith('us')) return value / 1000;
  return text.endsWith('ms') ? value : value * 1000;
}
