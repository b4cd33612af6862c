import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { creatorOf, isAlive } from './naming.ts';
import { sweepStaleInstances } from './stale-instances.ts';

const NETNS_DIRECTORY = '/run/netns';

/** Name of the environment variable that marks the processes of a lab with its id. */
export const LAB_VARIABLE = 'SLUICE_LAB';

/**
 * Removes whatever there is of the labs of these ids: processes, namespaces, directories. Synchronous, so that it also
 * works while the process ends; never throws for what is gone already.
 */
export function removeLabs(ids: readonly string[]): void {
  const ours = (name: string) => ids.some((id) => name === id || name.startsWith(`${id}-`));
  for (const { pid, id } of labProcesses()) {
    if (ours(id)) killQuietly(pid);
  }
  const namespaces = labNamespaces().filter(ours);
  for (const pid of processesIn(namespaces)) killQuietly(pid);
  if (namespaces.length > 0) {
    const batch = namespaces.map((name) => `netns del ${name}\n`).join('');
    spawnSync('ip', ['-force', '-batch', '-'], { input: batch, stdio: ['pipe', 'ignore', 'ignore'] });
  }
  for (const name of labDirectories().filter(ours)) {
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/**
 * Removes labs whose creators are dead (killed with SIGKILL, crashed), and what their balancers have left in the kernel and in
 * /run. Returns the ids and the names of instances that it removed.
 */
export function sweepStaleLabs(): readonly string[] {
  const names = [...labNamespaces(), ...labDirectories(), ...labProcesses().map((each) => each.id)];
  const ids = new Set(names.map((name) => name.split('-').slice(0, 5).join('-')));
  const stale = [...ids].filter((id) => {
    const creator = creatorOf(id);
    return creator !== undefined && !isAlive(creator);
  });
  if (stale.length > 0) removeLabs(stale);
  // After the labs: a daemon that still runs would put back what is taken from it.
  return [...stale, ...sweepStaleInstances()];
}

/** Namespaces of all labs of this machine. */
export function labNamespaces(): readonly string[] {
  return entries(NETNS_DIRECTORY).filter((name) => creatorOf(name) !== undefined);
}

/** Processes of all labs of this machine, with the lab's id. */
export function labProcesses(): readonly { readonly pid: number; readonly id: string }[] {
  return entries('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const id = labOfProcess(Number(name));
      return id === undefined ? [] : [{ pid: Number(name), id }];
    });
}

/** Processes in the namespaces of labs, also those that write their title over their environment, as nginx does. */
function processesIn(namespaces: readonly string[]): readonly number[] {
  const inodes = new Set(namespaces.map((name) => inodeOf(join(NETNS_DIRECTORY, name))));
  return entries('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => inodes.has(inodeOf(`/proc/${pid}/ns/net`) ?? -1))
    .map(Number);
}

/** Undefined for what is gone. */
function inodeOf(path: string): number | undefined {
  try {
    return statSync(path).ino;
  } catch {
    return undefined;
  }
}

function labDirectories(): readonly string[] {
  return entries(tmpdir()).filter((name) => creatorOf(name) !== undefined);
}

/** The lab that a process belongs to; undefined when it belongs to none, or is gone. */
export function labOfProcess(pid: number): string | undefined {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
    const entry = environment.find((each) => each.startsWith(`${LAB_VARIABLE}=`));
    const id = entry?.slice(LAB_VARIABLE.length + 1);
    return id !== undefined && creatorOf(id) ? id : undefined;
  } catch {
    return undefined;
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself between the listing and the signal.
  }
}

function entries(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
