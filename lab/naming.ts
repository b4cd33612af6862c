import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';

const PREFIX = 'sluice-lab';
/** What names of {@link uniqueInstance} begin with; what bears another name is never swept away. */
const INSTANCE_PREFIXES = ['bench', 'demo', 'soak', 'test'] as const;
const INSTANCE_NAME = new RegExp(`^(?:${INSTANCE_PREFIXES.join('|')})-(\\d+)-(\\d+)-[0-9a-f]{6}$`);
/** State of a process that has ended and that its parent has not asked for. */
const ZOMBIE = 'Z';

/** Who made a lab: the process, told apart from a later one of the same pid by its start time. */
export interface Creator {
  readonly pid: number;
  /** Clock ticks after boot, field 22 of /proc/PID/stat. */
  readonly startTicks: string;
}

/** This process as a creator. */
export function currentCreator(): Creator {
  return creatorWithPid(process.pid);
}

/** A process as a creator; one that is not there is none that is alive. */
export function creatorWithPid(pid: number): Creator {
  return { pid, startTicks: startTicksOf(pid) ?? '0' };
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

/**
 * A name for an instance that nobody else has and that tells who has made it: `PREFIX-PID-START-RANDOM`, at most 32
 * characters. The next lab removes what is left of it once its creator is dead.
 */
export function uniqueInstance(
  prefix: (typeof INSTANCE_PREFIXES)[number],
  { pid, startTicks } = currentCreator(),
): string {
  return `${prefix}-${pid}-${startTicks}-${randomBytes(3).toString('hex')}`;
}

/** Reads the creator out of a name of {@link uniqueInstance}; undefined when it is another one. */
export function creatorOfInstance(name: string): Creator | undefined {
  const [, pid, startTicks] = INSTANCE_NAME.exec(name) ?? [];
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
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === ZOMBIE ? undefined : fields[18];
  } catch {
    return undefined;
  }
}
