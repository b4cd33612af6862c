import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import type { Lab } from '../lab/index.ts';

/** Clock ticks of /proc a second (USER_HZ, the same on every architecture that Node runs on). */
const TICKS_PER_SECOND = 100;
/** Fields of /proc/PID/stat, counted from the one after the command's name. */
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/**
 * CPU time that the processes in a lab's namespaces, and the kernel's threads that handle packets, have used so far,
 * milliseconds. Packets on veth are mostly handled in the name of the process that sent them.
 */
export async function labCpuMs(lab: Lab): Promise<number> {
  const namespaces = await Promise.all(lab.hosts.map(({ namespace }) => stat(`/run/netns/${namespace}`)));
  const inodes = new Set(namespaces.map(({ ino }) => `net:[${ino}]`));
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const ticks = await Promise.all(pids.map((pid) => ticksOf(pid, inodes)));
  return (ticks.reduce((sum, each) => sum + each, 0) * 1000) / TICKS_PER_SECOND;
}

/** Ticks of a process that counts; 0 of another, or of one that has ended. */
async function ticksOf(pid: string, namespaces: ReadonlySet<string>): Promise<number> {
  try {
    const line = await readFile(`/proc/${pid}/stat`, 'latin1');
    // The name stands in parentheses and may hold anything.
    const [name, rest = ''] = [
      line.slice(line.indexOf('(') + 1, line.lastIndexOf(')')),
      line.slice(line.lastIndexOf(')') + 2),
    ];
    const counts = name.startsWith('ksoftirqd/') || namespaces.has(await readlink(`/proc/${pid}/ns/net`));
    const fields = rest.split(' ');
    return counts ? Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS]) : 0;
  } catch {
    return 0;
  }
}
