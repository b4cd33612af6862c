import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import type { Lab } from '../lab/index.ts';

const NS_PER_MS = 1e6;
/** What bash says at the end of standard error: seconds in the program, seconds in the kernel. */
const TIME_FORMAT = 'cpu %3U %3S';

/** Exit status of `timeout` when it had to end its command. */
const TIMED_OUT = 124;

/** What a command on the client printed, and what it took. */
export interface TimedRun {
  readonly stdout: string;
  /** CPU time of the command, of every process in the lab's namespaces, and of the kernel's packet threads, milliseconds. */
  readonly cpuMs: number;
}

/**
 * Runs a command on the first client of a lab to its end, and takes all CPU time that it causes there.
 * @throws Error with its standard error when it fails; to be ended by `timeout` is no failure
 */
export async function timedOnClient(
  lab: Lab,
  argv: readonly string[],
  timeoutMs: number,
  signal: AbortSignal,
): Promise<TimedRun> {
  const before = await labCpuMs(lab);
  const script = `TIMEFORMAT='${TIME_FORMAT}'; time "$@"`;
  const { stdout, stderr, code } = await lab
    .client()
    .exec(['bash', '-c', script, 'bash', ...argv], { timeoutMs, signal });
  const others = (await labCpuMs(lab)) - before;
  const [, user, system] = /cpu (\S+) (\S+)\s*$/.exec(stderr) ?? [];
  const ended = code === 0 || code === TIMED_OUT;
  if (!ended || user === undefined || system === undefined) throw new Error(`${argv.join(' ')}: ${stderr}`);
  return { stdout, cpuMs: others + (Number(user) + Number(system)) * 1000 };
}

/**
 * CPU time that the processes in a lab's namespaces, and the kernel's threads that handle packets, have used so far,
 * milliseconds. Packets on veth are mostly handled in the name of the process that sent them. It is the scheduler's own sum,
 * in nanoseconds: how the kernel divides it between program and kernel it only guesses at its ticks.
 */
export async function labCpuMs(lab: Lab): Promise<number> {
  const namespaces = await Promise.all(lab.hosts.map(({ namespace }) => stat(`/run/netns/${namespace}`)));
  const inodes = new Set(namespaces.map(({ ino }) => `net:[${ino}]`));
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const times = await Promise.all(pids.map((pid) => timeOf(`/proc/${pid}`, inodes)));
  return times.reduce((sum, each) => sum + each, 0) / NS_PER_MS;
}

/** Nanoseconds of a process that counts; 0 of another, or of one that has ended. */
async function timeOf(directory: string, namespaces: ReadonlySet<string>): Promise<number> {
  try {
    const name = await readFile(`${directory}/comm`, 'latin1');
    const counts = name.startsWith('ksoftirqd/') || namespaces.has(await readlink(`${directory}/ns/net`));
    if (!counts) return 0;
    const threads = await readdir(`${directory}/task`);
    const lines = await Promise.all(
      threads.map((thread) => readFile(`${directory}/task/${thread}/schedstat`, 'latin1')),
    );
    return lines.reduce((sum, line) => sum + Number(line.split(' ')[0]), 0);
  } catch {
    return 0;
  }
}
