import { parseWrk } from '../lab/index.ts';
import type { AnyContender } from './contenders/contender.ts';
import { timedOnClient } from './lab-cpu.ts';

/** A load on the web service of a contender. */
export interface WebLoad {
  /** Where wrk goes. */
  readonly url: string;
  readonly connections: number;
  readonly durationMs: number;
  /** More arguments of wrk. */
  readonly flags?: readonly string[];
  /** What wrk runs under, if anything. */
  readonly under?: readonly string[];
}

/** What a run of wrk gave. */
export interface WebResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of one request: of the client, the server, and all that is between them. */
  readonly cpuUs: number;
  /** What of it was of processes in the balancer's namespace. */
  readonly balancerCpuUs: number;
  readonly requests: number;
}

/** For wrk: a connection for each request. It only sees the header with the space after the colon. */
export const CLOSE_FLAGS = ['-H', 'Connection: close'] as const;

/** Failed requests that are still chance, of all. */
const TOLERATED_FAILURES = 0.01;
/** Beyond the time of loading itself. */
const SPARE_MS = 60_000;

/** Loads a contender with wrk. @throws Error when more than 1 % of the requests fail: the figures would mean nothing */
export async function measureWeb(
  { lab, name }: AnyContender,
  load: WebLoad,
  signal: AbortSignal,
): Promise<WebResult> {
  const argv = [...(load.under ?? []), ...wrkArgv(load)];
  const { stdout, cpuMs, balancerCpuMs } = await timedOnClient(lab, argv, load.durationMs + SPARE_MS, signal);
  const { requests, requestsPerSecond: perSecond, p50Ms, p99Ms, errors } = parseWrk(stdout);
  if (requests === 0 || errors > requests * TOLERATED_FAILURES) {
    throw new Error(`${name}: ${errors} errors beside ${requests} requests`);
  }
  const each = (ms: number) => (ms * 1000) / requests;
  return { perSecond, p50Ms, p99Ms, cpuUs: each(cpuMs), balancerCpuUs: each(balancerCpuMs), requests };
}

/** wrk itself takes whole seconds only; interrupted, it reports what it has. */
function wrkArgv({ url, connections, durationMs, flags = [] }: WebLoad): readonly string[] {
  const seconds = Math.ceil(durationMs / 1000);
  const interrupted = durationMs % 1000 === 0 ? [] : ['timeout', '--signal=INT', `${durationMs / 1000}s`];
  const rates = ['--latency', '-t', '1', '-c', String(connections), '-d', `${seconds}s`];
  return [...interrupted, 'wrk', ...rates, ...flags, url];
}
