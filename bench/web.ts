import { httpUrl, parseWrk } from '../lab/index.ts';
import { type Contender, WEB_PORT } from './contenders/contender.ts';
import { labCpuMs } from './lab-cpu.ts';

/** A kind of load on the web service. */
export interface WebLoad {
  readonly connections: number;
  /** Whether connections are used again: measures requests; or not: measures connections. */
  readonly keepAlive: boolean;
  readonly durationMs: number;
}

/** What a run of wrk gave. */
export interface WebResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU time of one request: of the client, the server, and all that is between them. */
  readonly cpuUs: number;
}

/** Failed requests that are still chance, of all. */
const TOLERATED_FAILURES = 0.01;
/** Beyond the time of loading itself. */
const SPARE_MS = 20_000;
/** What bash says at the end of standard error: seconds in the program, seconds in the kernel. */
const TIME_FORMAT = 'cpu %3U %3S';

/** Loads a contender with wrk. @throws Error when more than 1 % of the requests fail: the figures would mean nothing */
export async function measureWeb(
  contender: Contender,
  load: WebLoad,
  signal: AbortSignal,
): Promise<WebResult> {
  const { lab, address, name } = contender;
  const before = await labCpuMs(lab);
  const { stdout, stderr } = await lab
    .client()
    .exec(['bash', '-c', `TIMEFORMAT='${TIME_FORMAT}'; time "$@"`, 'bash', ...wrkArgv(address, load)], {
      timeoutMs: load.durationMs + SPARE_MS,
      signal,
    });
  const servers = (await labCpuMs(lab)) - before;
  const { requests, requestsPerSecond: perSecond, p50Ms, p99Ms, errors } = parseWrk(stdout);
  if (requests === 0 || errors > requests * TOLERATED_FAILURES) {
    throw new Error(`${name}: ${errors} errors beside ${requests} requests`);
  }
  return { perSecond, p50Ms, p99Ms, cpuUs: ((servers + clientCpuMs(stderr)) * 1000) / requests };
}

/** wrk itself takes whole seconds only; interrupted, it reports what it has. */
function wrkArgv(address: string, { connections, keepAlive, durationMs }: WebLoad): readonly string[] {
  const seconds = Math.ceil(durationMs / 1000);
  const interrupted = durationMs % 1000 === 0 ? [] : ['timeout', '--signal=INT', `${durationMs / 1000}s`];
  // wrk only sees the header with the space after the colon.
  const header = keepAlive ? [] : ['-H', 'Connection: close'];
  const flags = ['--latency', '-t', '1', '-c', String(connections), '-d', `${seconds}s`];
  return [...interrupted, 'wrk', ...flags, ...header, httpUrl(address, WEB_PORT)];
}

function clientCpuMs(stderr: string): number {
  const [, user, system] = /cpu (\S+) (\S+)\s*$/.exec(stderr) ?? [];
  if (user === undefined || system === undefined) throw new Error(`wrk took no CPU time? ${stderr}`);
  return (Number(user) + Number(system)) * 1000;
}
