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
  /** What of it was of processes in the balancer's namespace, milliseconds. */
  readonly balancerCpuMs: number;
}

/** CPU time so far, milliseconds. */
export interface LabCpu {
  readonly allMs: number;
  /** Of processes in the balancer's namespace. */
  readonly balancerMs: number;
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
  const before = await labCpu(lab);
  const script = `TIMEFORMAT='${TIME_FORMAT}'; time "$@"`;
  const { stdout, stderr, code } = await lab
    .client()
    .exec(['bash', '-c', script, 'bash', ...argv], { timeoutMs, signal });
  const after = await labCpu(lab);
  const [, user, system] = /cpu (\S+) (\S+)\s*$/.exec(stderr) ?? [];
  const ended = code === 0 || code === TIMED_OUT;
  if (!ended || user === undefined || system === undefined) throw new Error(`${argv.join(' ')}: ${stderr}`);
  return {
    stdout,
    cpuMs: after.allMs - before.allMs + (Number(user) + Number(system)) * 1000,
    balancerCpuMs: after.balancerMs - before.balancerMs,
  };
}

/**
 * CPU time that the processes in a lab's namespaces, and the kernel's threads that handle packets, have used so far. Packets on veth are mostly handled in the name of the process that sent them. It is the scheduler's own sum,
 * in nanoseconds: how the kernel divides it between program and kernel it only guesses at its ticks.
 */
export async function labCpu(lab: Lab): Promise<LabCpu> {
  const inodes = await Promise.all(lab.hosts.map(({ namespace }) => inodeOf(namespace)));
  const [all, balancer] = [new Set(inodes), await inodeOf(lab.balancer.namespace)];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const times = await Promise.all(pids.map((pid) => timeOf(`/proc/${pid}`, all)));
  const sumMs = (counted: typeof times) => counted.reduce((sum, { ns }) => sum + ns, 0) / NS_PER_MS;
  return { allMs: sumMs(times), balancerMs: sumMs(times.filter(({ inode }) => inode === balancer)) };
}

/** What the kernel calls a network namespace. */
async function inodeOf(namespace: string): Promise<string> {
  return `net:[${(await stat(`/run/netns/${namespace}`)).ino}]`;
}

/** Nanoseconds of a process that counts, and its namespace; 0 of another, or of one that has ended. */
async function timeOf(directory: string, namespaces: ReadonlySet<string>) {
  try {
    const name = await readFile(`${directory}/comm`, 'latin1');
    const inode = await readlink(`${directory}/ns/net`);
    if (!name.startsWith('ksoftirqd/') && !namespaces.has(inode)) return { inode, ns: 0 };
    const threads = await readdir(`${directory}/task`);
    const lines = await Promise.all(
      threads.map((thread) => readFile(`${directory}/task/${thread}/schedstat`, 'latin1')),
    );
    return { inode, ns: lines.reduce((sum, line) => sum + Number(line.split(' ')[0]), 0) };
  } catch {
    return { inode: '', ns: 0 };
  }
}
