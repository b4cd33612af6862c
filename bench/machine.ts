import { readFileSync } from 'node:fs';
import { cpus, loadavg, release } from 'node:os';

/** What the figures were measured on. */
export interface Machine {
  readonly kernel: string;
  readonly cpu: string;
  readonly cpuCount: number;
  readonly node: string;
  /** Load average of the last minute before the bench began: other work makes every figure smaller. */
  readonly loadBefore: number;
}

/** Describes this machine. */
export function describeMachine(): Machine {
  const all = cpus();
  return {
    kernel: release(),
    cpu: all[0]?.model.trim() ?? 'unknown',
    cpuCount: all.length,
    node: process.version,
    loadBefore: loadavg()[0] ?? 0,
  };
}

/** Puts the command on one CPU, {@link lastCpu}. */
export function pinned(argv: readonly string[]): readonly string[] {
  return ['taskset', '--cpu-list', lastCpu(), ...argv];
}

/** The last CPU that this process may use, of those that are at work: interrupts tend to go to the first. */
export function lastCpu(): string {
  const allowed = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const online = readFileSync('/sys/devices/system/cpu/online', 'utf8').trim();
  return lastOfBoth(allowed, online);
}

/** The highest number that is in both lists of the kernel's, as `0-3,7`; 0 when there is none. */
export function lastOfBoth(one: string, other: string): string {
  const others = new Set(numbersIn(other));
  return String(Math.max(0, ...numbersIn(one).filter((cpu) => others.has(cpu))));
}

function numbersIn(list: string): readonly number[] {
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
