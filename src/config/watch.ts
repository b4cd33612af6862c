import { type FSWatcher, watch } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileStamp } from './file.ts';

/** How to follow a file. */
export interface WatchFileOptions {
  /** Ends the watching. */
  readonly signal: AbortSignal;
  /** Is told that the file's content is, or may be, another one; also when the file is gone. Watching goes on after it. */
  readonly onChange: () => Promise<void>;
  /** {@link fileStamp} of the content that is known already; default that of now. */
  readonly known?: string | undefined;
  /** The file counts as written when it has not changed for this long; default 200. */
  readonly settleMs?: number;
  /** How often to look where the kernel tells nothing (network file systems, folders moved away); default 2000. */
  readonly pollMs?: number;
}

/**
 * Follows a file until the signal aborts: writes in place, files that are moved over it, and symbolic links that are
 * swapped on the way to it (as Kubernetes does with `..data`). Writes that come in pieces are told once.
 */
export async function watchFile(path: string, options: WatchFileOptions): Promise<void> {
  const { signal, onChange, settleMs = 200, pollMs = 2000 } = options;
  const folders = new Folders(signal);
  let known = options.known ?? (await fileStamp(path));
  try {
    while (!signal.aborted) {
      const woken = folders.changed();
      folders.follow(await foldersOf(path));
      if ((await fileStamp(path)) === known) await Promise.race([woken, pause(pollMs, signal)]);
      if (signal.aborted || (await fileStamp(path)) === known) continue;
      known = await settled(path, settleMs, signal);
      if (!signal.aborted) await onChange();
    }
  } finally {
    folders.close();
  }
}

/** The stamp of a file once it has been the same for a while. */
async function settled(path: string, settleMs: number, signal: AbortSignal): Promise<string | null> {
  let stamp = await fileStamp(path);
  for (;;) {
    await pause(settleMs, signal);
    const next = await fileStamp(path);
    if (next === stamp || signal.aborted) return next;
    stamp = next;
  }
}

/** Where the file is named, and where it really is. */
async function foldersOf(path: string): Promise<ReadonlySet<string>> {
  const real = await realpath(path).catch(() => path);
  return new Set([dirname(path), dirname(real)]);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}

/** The folders that are watched. A folder that cannot be watched is left to the poll. */
class Folders {
  readonly #signal: AbortSignal;
  readonly #watchers = new Map<string, FSWatcher>();
  #wake: () => void = () => {};

  constructor(signal: AbortSignal) {
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  /** Resolves when something happens in a folder from now on. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  follow(folders: ReadonlySet<string>): void {
    for (const [folder, watcher] of this.#watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      this.#watchers.delete(folder);
    }
    for (const folder of folders) if (!this.#watchers.has(folder)) this.#open(folder);
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #open(folder: string): void {
    if (this.#signal.aborted) return;
    const forget = () => {
      this.#watchers.get(folder)?.close();
      this.#watchers.delete(folder);
    };
    try {
      const watcher = watch(folder, { persistent: false }, () => this.#wake());
      watcher.on('error', forget);
      this.#watchers.set(folder, watcher);
    } catch {
      forget();
    }
  }
}
