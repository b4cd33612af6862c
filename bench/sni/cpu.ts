import { readdir, readFile, readlink, stat } from 'node:fs/promises';
import type { Lab } from '../../lab/index.ts';

/** USER_HZ, the same on every architecture that Node runs on. */
const TICK_MS = 10;
/** Fields of /proc/PID/stat, counted from the one after the command's name. */
const USER = 11;
const SYSTEM = 12;

/**
 * CPU time of what moves the packets of a lab so far, milliseconds: the kernel's part of every process in its hosts, because
 * packets on veth are mostly handled in the name of who sent them; the kernel's threads for packets; and all of what runs on
 * the balancer. The other processes' own work, which is TLS, is left out: it is the same for all, and would drown the rest.
 */
export async function wayCpuMs(lab: Lab): Promise<number> {
  const inodeOf = async (namespace: string) => `net:[${(await stat(`/run/netns/${namespace}`)).ino}]`;
  const balancer = await inodeOf(lab.balancer.namespace);
  const others = new Set(await Promise.all(lab.hosts.map(({ namespace }) => inodeOf(namespace))));
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const times = await Promise.all(pids.map((pid) => timeOf(pid, balancer, others)));
  return times.reduce((sum, each) => sum + each, 0);
}

async function timeOf(pid: string, balancer: string, others: ReadonlySet<string>): Promise<number> {
  try {
    const line = await readFile(`/proc/${pid}/stat`, 'latin1');
    const name = line.slice(line.indexOf('(') + 1, line.lastIndexOf(')'));
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
    const [user, system] = [Number(fields[USER]) * TICK_MS, Number(fields[SYSTEM]) * TICK_MS];
    if (name.startsWith('ksoftirqd/')) return system;
    const namespace = await readlink(`/proc/${pid}/ns/net`);
    if (namespace === balancer) return user + system;
    return others.has(namespace) ? system : 0;
  } catch {
    return 0; // It has ended.
  }
}
