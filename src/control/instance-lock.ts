import { mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SluiceError } from '../errors/index.ts';

/** Where locks are kept. */
const LOCK_FOLDER = '/run/sluice';

/** Keeps a second daemon off an instance. Released by `close`, or by the death of the process. */
export class InstanceLock implements Disposable {
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
  }

  /** @throws SluiceError `conflict` when a living daemon holds the instance. */
  static take(instance: string, folder = LOCK_FOLDER): InstanceLock {
    const path = `${folder}/${instance}.lock`;
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    for (;;) {
      try {
        writeFileSync(path, `${process.pid} ${startTime(process.pid)}\n`, { flag: 'wx', mode: 0o644 });
        return new InstanceLock(path);
      } catch (error) {
        if (!isCode(error, 'EEXIST')) throw error;
      }
      const holder = livingHolder(path);
      if (holder !== null) throw held(instance, holder);
      removeStale(path);
    }
  }

  close(): void {
    removeStale(this.#path);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** Pid of the living daemon that holds an instance; null when there is none. */
export function instanceHolder(instance: string, folder = LOCK_FOLDER): number | null {
  return livingHolder(`${folder}/${instance}.lock`);
}

/** Pid of the process that wrote the lock, if that very process still lives. */
function livingHolder(path: string): number | null {
  const text = readText(path);
  const [pid = '', start = ''] = text.trim().split(' ');
  return start !== '' && startTime(Number(pid)) === start ? Number(pid) : null;
}

/** Field 22 of /proc/PID/stat (proc(5)): tells a process from a later one with its pid. Empty when it is gone. */
function startTime(pid: number): string {
  const stat = readText(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ESRCH')) return '';
    throw error;
  }
}

function removeStale(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function held(instance: string, pid: number): SluiceError {
  return new SluiceError('conflict', `instance ${instance} is already run by process ${pid}`, {
    fix: `choose another name (--instance NAME), or stop it first (kill ${pid}; traffic goes on)`,
  });
}
