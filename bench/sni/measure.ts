import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseWrk, tlsMany } from '../../lab/index.ts';
import { median } from '../statistics.ts';
import { FILE_BYTES, NAME, type NameContender, TLS_PORT } from './contenders.ts';
import { wayCpuMs } from './cpu.ts';

/** How much one measurement does. */
export interface NamePlan {
  /** Of wrk, whole seconds. */
  readonly seconds: number;
  /** Handshakes one after another. */
  readonly handshakes: number;
}

/** What a contender gave in a round. */
export interface NameSample {
  readonly handshakesPerSecond: number;
  /** Kernel's and balancer's CPU time of a connection, microseconds. */
  readonly handshakeCpuUs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly megabytesPerSecond: number;
  /** Kernel's and balancer's CPU time of a gigabyte, milliseconds. */
  readonly gigabyteCpuMs: number;
  /** Whether the target was shown the client's address. */
  readonly seesClient: boolean;
}

const CONNECTIONS = 16;
const TOLERATED_FAILURES = 0.001;
const SPARE_MS = 60_000;
/** What bash says at the end of standard error: seconds in the kernel. */
const TIME_FORMAT = 'cpu %3S';

/** Measures a contender once. @throws Error when connections fail: the figures would mean nothing */
export async function measureNames(
  contender: NameContender,
  plan: NamePlan,
  signal: AbortSignal,
): Promise<NameSample> {
  return {
    ...(await busy(contender, plan, signal)),
    ...(await calm(contender, plan)),
    ...(await download(contender, signal)),
  };
}

/** As many handshakes as there is CPU for: wrk, one request a connection. */
async function busy(contender: NameContender, { seconds }: NamePlan, signal: AbortSignal) {
  const { lab, name } = contender;
  // wrk asks for the name that it looks up.
  const hosts = join(lab.directory, 'hosts');
  await writeFile(hosts, `${contender.address} ${NAME}\n`);
  const flags = ['-t', '1', '-c', String(CONNECTIONS), '-d', `${seconds}s`, '--latency'];
  const wrk = ['wrk', ...flags, '-H', 'Connection: close', `https://${NAME}/`];
  const script = `mount --bind ${hosts} /etc/hosts; TIMEFORMAT='${TIME_FORMAT}'; time "$@"`;
  const { stdout, cpuMs } = await timed(
    contender,
    ['unshare', '--mount', 'bash', '-c', script, 'bash', ...wrk],
    seconds * 1000 + SPARE_MS,
    signal,
  );
  const { requests, requestsPerSecond, errors } = parseWrk(stdout);
  if (requests === 0 || errors > requests * TOLERATED_FAILURES)
    throw new Error(`${name}: ${errors} errors beside ${requests} connections`);
  return { handshakesPerSecond: requestsPerSecond, handshakeCpuUs: (cpuMs * 1000) / requests };
}

/** Handshakes one at a time: nothing waits for anything else. */
async function calm({ lab, name, address, authorityFile }: NameContender, { handshakes }: NamePlan) {
  const ways = [{ address, port: TLS_PORT, name: NAME }];
  const [result] = await tlsMany(lab.client(), { ways, count: handshakes, authorityFile });
  const times = [...(result?.handshakesMs ?? [])].sort((a, b) => a - b);
  if (times.length < handshakes) throw new Error(`${name}: ${JSON.stringify(result?.errors)}`);
  return { p50Ms: median(times), p99Ms: times[Math.floor(times.length * 0.99)] ?? Number.NaN };
}

/** One file over one connection, and who the target believes to have asked. */
async function download(contender: NameContender, signal: AbortSignal) {
  const { lab, address, authorityFile } = contender;
  const curl = ['curl', '-sSf', '--cacert', authorityFile];
  const to = ['--connect-to', `${NAME}:${TLS_PORT}:${address}:${TLS_PORT}`];
  const file = [...curl, ...to, '-o', '/dev/null', '-w', '%{speed_download}', `https://${NAME}/files/file`];
  const script = `TIMEFORMAT='${TIME_FORMAT}'; time "$@"`;
  const { stdout, cpuMs } = await timed(contender, ['bash', '-c', script, 'bash', ...file], SPARE_MS, signal);
  const seen = await lab.client().run([...curl, ...to, `https://${NAME}/`]);
  if (!seen.startsWith('target1 ')) throw new Error(`${contender.name}: the name led to ${seen}`);
  return {
    megabytesPerSecond: Number(stdout) / 1e6,
    gigabyteCpuMs: (cpuMs * 1e9) / FILE_BYTES,
    seesClient: seen.startsWith(`target1 ${lab.client().v4} `),
  };
}

/** Runs a command that ends with its time in the kernel; adds that of all who move its packets meanwhile. */
async function timed(
  { lab, name }: NameContender,
  argv: readonly string[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<{ readonly stdout: string; readonly cpuMs: number }> {
  const before = await wayCpuMs(lab);
  const { stdout, stderr, code } = await lab.client().exec(argv, { timeoutMs, signal });
  const others = (await wayCpuMs(lab)) - before;
  const [, system] = /cpu (\S+)\s*$/.exec(stderr) ?? [];
  if (code !== 0 || system === undefined) throw new Error(`${name}: ${stderr}`);
  return { stdout, cpuMs: others + Number(system) * 1000 };
}
