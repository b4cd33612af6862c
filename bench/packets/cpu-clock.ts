import { readdirSync, readFileSync } from 'node:fs';
import { lastCpu } from '../machine.ts';

const NS_PER_MS = 1e6;
const US_PER_MS = 1e3;

/**
 * CPU time of this process and of its CPU's ksoftirqd, which takes over when packets come faster than the kernel wants
 * to handle them in passing. Time in which other processes had the CPU does not count.
 */
export class CpuClock {
  /** Null where the kernel's threads cannot be seen, as in a container. */
  readonly #helper: string | null = schedstatOf(`ksoftirqd/${lastCpu()}`);

  /** Milliseconds since some moment. */
  nowMs(): number {
    const { user, system } = process.cpuUsage();
    const helperNs = this.#helper === null ? 0 : Number(readFileSync(this.#helper, 'utf8').split(' ')[0]);
    return (user + system) / US_PER_MS + helperNs / NS_PER_MS;
  }
}

function schedstatOf(thread: string): string | null {
  const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && commandOf(name) === thread);
  return pid === undefined ? null : `/proc/${pid}/schedstat`;
}

function commandOf(pid: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    // It has ended since the directory was read.
    return null;
  }
}
