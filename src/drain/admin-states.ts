import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { SluiceError } from '../errors/index.ts';
import { type AdminState, type TargetName, targetNameKey } from '../report/index.ts';

const fileSchema = z.array(
  z.object({
    proxy: z.string(),
    target: z.string(),
    state: z.enum(['drain', 'maintenance']),
    // Since when it is not ready, milliseconds since 1970. Files of earlier versions do not say.
    sinceMs: z.number().default(0),
  }),
);
type Entry = z.output<typeof fileSchema>[number];

/** A time in which a target was not ready, milliseconds since 1970. */
interface Period {
  readonly sinceMs: number;
  readonly untilMs: number;
}

/** How long a period is remembered: what flows did in it is told some time later. */
const REMEMBERED_MS = 3_600_000;

/** The admin states of an instance's targets, kept in a file over restarts of the daemon. */
export class AdminStates {
  readonly #path: string;
  #entries: ReadonlyMap<string, Entry>;
  /** The last of each target that is over. */
  readonly #periods = new Map<string, Period>();

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
    return [...this.#entries.values()].map(({ proxy, target, state }) => ({ proxy, target, state }));
  }

  /** Whether a target was ready at a time, milliseconds since 1970; exact for the last hour of this daemon. */
  wasReady(of: TargetName, atMs: number): boolean {
    const key = targetNameKey(of);
    const entry = this.#entries.get(key);
    if (entry !== undefined && atMs >= entry.sinceMs) return false;
    const period = this.#periods.get(key);
    return period === undefined || atMs < period.sinceMs || atMs >= period.untilMs;
  }

  /** Changes a state; it is in the file when this returns. @throws SluiceError `kernel` when it cannot be written: nothing has changed */
  set({ proxy, target }: TargetName, state: AdminState, nowMs: number): void {
    const key = targetNameKey({ proxy, target });
    const entries = new Map(this.#entries);
    const { sinceMs = nowMs } = entries.get(key) ?? {};
    if (state === 'ready') entries.delete(key);
    else entries.set(key, { proxy, target, state, sinceMs });
    this.#replace(entries, nowMs);
  }

  /** Forgets targets that are not configured any more: one that comes back later is ready. */
  keepOnly(isConfigured: (of: TargetName) => boolean, nowMs: number): void {
    const kept = new Map([...this.#entries].filter(([, entry]) => isConfigured(entry)));
    if (kept.size < this.#entries.size) this.#replace(kept, nowMs);
  }

  /** Removes the file. */
  remove(): void {
    rmSync(this.#path, { force: true });
  }

  #replace(entries: ReadonlyMap<string, Entry>, nowMs: number): void {
    const over = [...this.#entries].filter(([key]) => !entries.has(key));
    this.#save(entries);
    for (const [key, { sinceMs }] of over) this.#periods.set(key, { sinceMs, untilMs: nowMs });
    for (const [key, { untilMs }] of this.#periods) {
      if (nowMs - untilMs > REMEMBERED_MS) this.#periods.delete(key);
    }
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
