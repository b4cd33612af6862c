import { linkSync, mkdirSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SluiceError } from '../errors/index.ts';

/** Where locks are kept. */
const LOCK_FOLDER = '/run/sluice';
/** How often another process may be in the way; each time costs a pause. */
const MAX_TRIES = 200;
const PAUSE_MS = 5;

/** Keeps a second daemon off an instance. Released by `close`, or by the death of the process. */
export class InstanceLock implements Disposable {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /**
   * @throws SluiceError `conflict` when a living daemon holds the instance, `permission` or `kernel` when the lock cannot be
   * written.
   */
  static take(instance: string, folder = LOCK_FOLDER): InstanceLock {
    const path = lockPath(instance, folder);
    try {
      return InstanceLock.#take(instance, path);
    } catch (error) {
      throw error instanceof SluiceError ? error : unwritable(path, error);
    }
  }

  static #take(instance: string, path: string): InstanceLock {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    const claim = `${path}.${process.pid}`;
    writeFileSync(claim, `${process.pid} ${startTime(process.pid)}\n`, { mode: 0o644 });
    try {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        if (link(claim, path)) {
          sweepClaims(path);
          return new InstanceLock(path);
        }
        const holder = livingHolder(path);
        if (holder !== null) throw held(instance, holder);
        removeDead(path, claim);
      }
      throw new SluiceError('conflict', `the lock ${path} cannot be taken`, { fix: `rm ${path}` });
    } finally {
      remove(claim);
    }
  }

  /** @throws SluiceError `permission` or `kernel` when the lock cannot be removed; it holds nobody off once this process ends. */
  close(): void {
    try {
      remove(this.#path);
    } catch (error) {
      throw unwritable(this.#path, error);
    }
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Pid of the living daemon that holds an instance; null when there is none. */
export function instanceHolder(instance: string, folder = LOCK_FOLDER): number | null {
  return livingHolder(lockPath(instance, folder));
}

/** The file in which an instance keeps what operators want of its targets. */
export function statesPath(instance: string, folder = LOCK_FOLDER): string {
  return `${folder}/${instance}.states.json`;
}

function lockPath(instance: string, folder: string): string {
  return `${folder}/${instance}.lock`;
}

/** Gives a file a second name, all at once and with its content; false when the name is taken. */
function link(file: string, name: string): boolean {
  try {
    linkSync(file, name);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * Removes the lock of a dead process. One process at a time judges and removes, or one could judge a dead lock and
 * remove the fresh one that another has put in its place.
 */
function removeDead(path: string, claim: string): void {
  const broom = `${path}.broom`;
  if (!link(claim, broom)) {
    // Left by a process that died in the microseconds of the next lines.
    if (isDead(broom)) remove(broom);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    return;
  }
  try {
    if (isDead(path)) remove(path);
  } finally {
    remove(broom);
  }
}

/**
 * Removes the claims of processes that died while they took the lock, and what one died with that removed a dead lock. What
 * cannot be removed is in nobody's way, and the next daemon tries again.
 */
function sweepClaims(path: string): void {
  const prefix = `${basename(path)}.`;
  for (const name of readdirSync(dirname(path)).filter((each) => each.startsWith(prefix))) {
    const pid = name.slice(prefix.length);
    const file = join(dirname(path), name);
    // A claim may still be written, so its name counts and not what is in it.
    if (pid === 'broom' ? isDead(file) : /^\d+$/.test(pid) && startTime(Number(pid)) === '')
      tryToRemove(file);
  }
}

/** Whether a lock is there and its process is not. */
function isDead(path: string): boolean {
  return readText(path) !== null && livingHolder(path) === null;
}

/** Pid of the process that wrote the lock, if that very process still lives. */
function livingHolder(path: string): number | null {
  const [pid = '', start = ''] = (readText(path) ?? '').trim().split(' ');
  return start !== '' && startTime(Number(pid)) === start ? Number(pid) : null;
}

/** Field 22 of /proc/PID/stat (proc(5)): tells a process from a later one with its pid. Empty when it is gone. */
function startTime(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`) ?? '';
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ESRCH')) return null;
    throw error;
  }
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

function tryToRemove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Its name is nobody's.
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function unwritable(path: string, cause: unknown): SluiceError {
  const denied = ['EACCES', 'EPERM', 'EROFS'].some((code) => isCode(cause, code));
  const message = cause instanceof Error ? cause.message : String(cause);
  return new SluiceError(denied ? 'permission' : 'kernel', `the lock ${path} cannot be changed: ${message}`, {
    fix: denied
      ? `run as root, and make ${dirname(path)} writable`
      : `make room in ${dirname(path)} (df, df -i)`,
    cause,
  });
}

function held(instance: string, pid: number): SluiceError {
  return new SluiceError('conflict', `instance ${instance} is already run by process ${pid}`, {
    fix: `choose another name (--instance NAME), or stop it first (kill ${pid}; traffic goes on)`,
  });
}
