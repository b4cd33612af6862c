import { readFileSync } from 'node:fs';

const PREFIX = 'sluice-lab';

/** Who made a lab: the process, told apart from a later one of the same pid by its start time. */
export interface Creator {
  readonly pid: number;
  /** Clock ticks after boot, field 22 of /proc/PID/stat. */
  readonly startTicks: string;
}

/** This process as a creator. */
export function currentCreator(): Creator {
  return { pid: process.pid, startTicks: startTicksOf(process.pid) ?? '0' };
}

/** Identity of one lab, which all its names begin with: `sluice-lab-PID-START-RANDOM`. */
export function labId(creator: Creator, random: string): string {
  return `${PREFIX}-${creator.pid}-${creator.startTicks}-${random}`;
}

/** Reads the creator out of a lab's name; undefined when the name is not one of a lab. */
export function creatorOf(name: string): Creator | undefined {
  const match = new RegExp(`^${PREFIX}-(\\d+)-(\\d+)-[0-9a-f]+`).exec(name);
  const [, pid, startTicks] = match ?? [];
  return pid === undefined || startTicks === undefined ? undefined : { pid: Number(pid), startTicks };
}

/** Whether the creator still runs. */
export function isAlive(creator: Creator): boolean {
  return startTicksOf(creator.pid) === creator.startTicks;
}

function startTicksOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name may hold spaces and brackets; fields count from behind the last bracket.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
