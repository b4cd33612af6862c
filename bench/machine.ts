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

/** The last CPU that this process may use: interrupts tend to go to the first. */
export function lastCpu(): string {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  return list.split(/[,-]/).at(-1) ?? '0';
}
