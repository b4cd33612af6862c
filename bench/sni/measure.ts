import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { httpUrl, tlsMany } from '../../lab/index.ts';
import { timedOnClient } from '../lab-cpu.ts';
import { median } from '../statistics.ts';
import { CLOSE_FLAGS, measureWeb } from '../web.ts';
import { authorityFile, FILE_BYTES, HELLO_PORT, NAME, type NameContender, TLS_PORT } from './contenders.ts';
import type { ProgramTimes } from './programs.ts';

/** How much one measurement does. */
export interface NamePlan {
  /** Of each run of wrk, whole seconds. */
  readonly seconds: number;
  /** Handshakes one after another. */
  readonly handshakes: number;
  /** Script of wrk that sends a ClientHello. */
  readonly helloScript: string;
  readonly times: ProgramTimes;
}

/** What a contender gave in a round. */
export interface NameSample {
  readonly handshakesPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly connectionsPerSecond: number;
  /** CPU time of a connection with a ClientHello and no TLS: of client, way and server, microseconds. */
  readonly connectionCpuUs: number;
  /** What of it was spent in Sluice's programs; 0 of others. */
  readonly connectionProgramsUs: number;
  /** The same and that of processes in the balancer's namespace: the proxy, or Sluice's daemon. */
  readonly connectionOwnUs: number;
  readonly megabytesPerSecond: number;
  /** CPU time of a gigabyte, of client, way and server, milliseconds. */
  readonly gigabyteCpuMs: number;
  /** What of it was spent in Sluice's programs; 0 of others. */
  readonly gigabyteProgramsMs: number;
  /** The same and that of processes in the balancer's namespace. */
  readonly gigabyteOwnMs: number;
  /** Whether the target was shown the client's address. */
  readonly seesClient: boolean;
}

const CONNECTIONS = 16;
const SPARE_MS = 60_000;

/** Measures a contender once. @throws Error when connections fail: the figures would mean nothing */
export async function measureNames(
  contender: NameContender,
  plan: NamePlan,
  signal: AbortSignal,
): Promise<NameSample> {
  return {
    ...(await handshakes(contender, plan, signal)),
    ...(await calm(contender, plan)),
    ...(await hellos(contender, plan, signal)),
    ...(await download(contender, plan, signal)),
  };
}

/** As many handshakes as there is CPU for, one request a connection. */
async function handshakes(contender: NameContender, { seconds }: NamePlan, signal: AbortSignal) {
  // wrk asks for the name that it looks up.
  const hosts = join(contender.lab.directory, 'hosts');
  await writeFile(hosts, `${contender.address} ${NAME}\n`);
  const script = `mount --bind ${hosts} /etc/hosts; exec "$@"`;
  const load = {
    url: `https://${NAME}/`,
    connections: CONNECTIONS,
    durationMs: seconds * 1000,
    flags: CLOSE_FLAGS,
    under: ['unshare', '--mount', 'bash', '-c', script, 'bash'],
  };
  return { handshakesPerSecond: (await measureWeb(contender, load, signal)).perSecond };
}

/** Handshakes one at a time: nothing waits for anything else. */
async function calm({ lab, name, address }: NameContender, { handshakes: count }: NamePlan) {
  const ways = [{ address, port: TLS_PORT, name: NAME }];
  const [result] = await tlsMany(lab.client(), { ways, count, authorityFile: authorityFile(lab) });
  const times = [...(result?.handshakesMs ?? [])].sort((a, b) => a - b);
  if (times.length < count) throw new Error(`${name}: ${JSON.stringify(result?.errors)}`);
  return { p50Ms: median(times), p99Ms: times[Math.floor(times.length * 0.99)] ?? Number.NaN };
}

/** As many connections as there is CPU for, each with a ClientHello and a short answer: TLS would drown the way's part. */
async function hellos(contender: NameContender, plan: NamePlan, signal: AbortSignal) {
  const script = join(contender.lab.directory, 'hello.lua');
  await writeFile(script, plan.helloScript);
  const load = {
    url: httpUrl(contender.address, HELLO_PORT),
    connections: CONNECTIONS,
    durationMs: plan.seconds * 1000,
    flags: ['-s', script],
  };
  const { result, programsNs } = await withPrograms(contender, plan.times, () =>
    measureWeb(contender, load, signal),
  );
  const connectionProgramsUs = programsNs / 1e3 / result.requests;
  return {
    connectionsPerSecond: result.perSecond,
    connectionCpuUs: result.cpuUs,
    connectionProgramsUs,
    connectionOwnUs: result.balancerCpuUs + connectionProgramsUs,
  };
}

/** One file over one connection, and who the target believes to have asked. */
async function download(contender: NameContender, plan: NamePlan, signal: AbortSignal) {
  const { lab, address } = contender;
  const curl = ['curl', '-sSf', '--cacert', authorityFile(lab)];
  const to = ['--connect-to', `${NAME}:${TLS_PORT}:${address}:${TLS_PORT}`];
  const file = [...curl, ...to, '-o', '/dev/null', '-w', '%{speed_download}', `https://${NAME}/files/file`];
  const { result, programsNs } = await withPrograms(contender, plan.times, () =>
    timedOnClient(lab, file, SPARE_MS, signal),
  );
  const gigabytes = FILE_BYTES / 1e9;
  const gigabyteProgramsMs = programsNs / 1e6 / gigabytes;
  const seen = await lab.client().run([...curl, ...to, `https://${NAME}/`]);
  return {
    megabytesPerSecond: Number(result.stdout) / 1e6,
    gigabyteCpuMs: result.cpuMs / gigabytes,
    gigabyteProgramsMs,
    gigabyteOwnMs: result.balancerCpuMs / gigabytes + gigabyteProgramsMs,
    seesClient: seen.includes(` ${lab.client().v4} `),
  };
}

/** What work gives, and the time in Sluice's programs meanwhile; 0 where it is not Sluice's. */
async function withPrograms<Result>(
  { pins }: NameContender,
  times: ProgramTimes,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly programsNs: number }> {
  const before = pins === null ? 0 : await times.of(pins);
  const result = await work();
  return { result, programsNs: pins === null ? 0 : (await times.of(pins)) - before };
}
