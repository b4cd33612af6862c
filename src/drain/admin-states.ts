import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { SluiceError } from '../errors/index.ts';
import { type AdminState, type TargetName, targetNameKey } from '../report/index.ts';

const fileSchema = z.array(
  z.object({ proxy: z.string(), target: z.string(), state: z.enum(['drain', 'maintenance']) }),
);
type Entry = z.output<typeof fileSchema>[number];

/** The admin states of an instance's targets, kept in a file over restarts of the daemon. */
export class AdminStates {
  readonly #path: string;
  #entries: ReadonlyMap<string, Entry>;

  private constructor(path: string, entries: readonly Entry[]) {
    this.#path = path;
    this.#entries = new Map(entries.map((entry) => [targetNameKey(entry), entry]));
  }

  /** Reads the file; every target is ready when there is none. @throws SluiceError `file_unreadable` */
  static load(path: string): AdminStates {
    return new AdminStates(path, readEntries(path));
  }

  get(of: TargetName): AdminState {
    return this.#entries.get(targetNameKey(of))?.state ?? 'ready';
  }

  /** Those that are not ready. */
  all(): readonly (TargetName & { readonly state: AdminState })[] {
    return [...this.#entries.values()];
  }

  /** Changes a state; it is in the file when this returns. @throws SluiceError `kernel` when it cannot be written: nothing has changed */
  set({ proxy, target }: TargetName, state: AdminState): void {
    const entries = new Map(this.#entries);
    if (state === 'ready') entries.delete(targetNameKey({ proxy, target }));
    else entries.set(targetNameKey({ proxy, target }), { proxy, target, state });
    this.#save(entries);
  }

  /** Forgets targets that are not configured any more: one that comes back later is ready. */
  keepOnly(isConfigured: (of: TargetName) => boolean): void {
    const kept = new Map([...this.#entries].filter(([, entry]) => isConfigured(entry)));
    if (kept.size < this.#entries.size) this.#save(kept);
  }

  /** Removes the file. */
  remove(): void {
    rmSync(this.#path, { force: true });
  }

  #save(entries: ReadonlyMap<string, Entry>): void {
    const aside = `${this.#path}.new`;
    try {
      if (entries.size === 0) this.remove();
      else {
        writeFileSync(aside, `${JSON.stringify([...entries.values()])}\n`, { mode: 0o600 });
        renameSync(aside, this.#path);
      }
    } catch (cause) {
      throw new SluiceError('kernel', `the states of targets cannot be kept in ${this.#path}`, { cause });
    }
    this.#entries = entries;
  }
}

function readEntries(path: string): readonly Entry[] {
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw new SluiceError('file_unreadable', `the states of targets cannot be read from ${path}`, {
      fix: `see which targets were drained (cat ${path}), and remove the file: then every target is ready`,
      cause,
    });
  }
}
