import type { Clock } from '../clock/index.ts';
import { type ErrorDetail, SluiceError } from '../errors/index.ts';
import type { DnsEndpoint, LookUp } from './answer.ts';
import type { DnsEvent, DnsStatus } from './status.ts';
import { type NameContext, WatchedName } from './watched-name.ts';

/** Names are looked up so many at a time. */
const PARALLEL = 64;

/** A name to follow. */
export interface DnsName {
  readonly hostname: string;
  /** How often it is resolved again, seconds. */
  readonly refreshSec: number;
  /** Where it is named, for errors: `proxy web, defaultTarget`. */
  readonly where: string;
}

/** What a watcher needs from outside. */
export interface DnsWatcherOptions {
  readonly lookUp: LookUp;
  readonly clock: Clock;
}

/** What is to be followed. */
export interface DnsWishes {
  readonly names: readonly DnsName[];
  /** DNS servers to ask, `address` or `address:port`; those of this host when empty. */
  readonly servers: readonly string[];
}

/** Told of each event, after the watcher knows what it says. */
export type DnsListener = (event: DnsEvent) => void;

/** Follows names: resolves them in time, keeps the last good answer, tells what changes. */
export class DnsWatcher {
  readonly #context: NameContext;
  readonly #names = new Map<string, WatchedName>();
  readonly #listeners = new Set<DnsListener>();
  #servers: readonly string[] = [];

  constructor({ lookUp, clock }: DnsWatcherOptions) {
    this.#context = {
      lookUp: (name) => lookUp(name, this.#servers),
      clock,
      onEvent: (event) => this.#tell(event),
    };
  }

  /** What each name stands for. */
  get endpoints(): ReadonlyMap<string, readonly DnsEndpoint[]> {
    return new Map([...this.#names].map(([hostname, watched]) => [hostname, watched.endpoints]));
  }

  /** What is known of each name, in alphabetical order. */
  status(): readonly DnsStatus[] {
    return [...this.#names.keys()].sort().flatMap((hostname) => this.#names.get(hostname)?.status ?? []);
  }

  /** True when a name is followed. */
  has(hostname: string): boolean {
    return this.#names.has(hostname);
  }

  /**
   * Follows these names; what is known of those that stay, stays. New ones are resolved first. Names that are not wanted
   * any more are followed until `commit` of the returned change, new ones are let go by its `rollback`.
   * @throws SluiceError `unreachable` with every new name that cannot be resolved; then nothing has changed
   */
  async prepare({ names, servers }: DnsWishes): Promise<DnsChange> {
    const wanted = shortestRefresh(names);
    const fresh = [...wanted.values()].filter(({ hostname }) => !this.#names.has(hostname));
    const before = this.#servers;
    this.#servers = servers;
    const added = await this.#resolveAll(fresh).catch((error) => {
      this.#servers = before;
      throw error;
    });
    for (const watched of added) this.#names.set(watched.hostname, watched);
    for (const watched of added) watched.announce();
    return {
      commit: () => this.#keepOnly(wanted),
      rollback: () => {
        this.#servers = before;
        return this.#drop(added);
      },
    };
  }

  /** Resolves a name now, whatever its interval. @throws SluiceError `not_found` when it is not followed */
  async resolveNow(hostname: string): Promise<DnsStatus> {
    const watched = this.#names.get(hostname.toLowerCase());
    if (watched === undefined) {
      throw new SluiceError('not_found', `no target has the host ${hostname}`, {
        fix:
          this.#names.size === 0
            ? 'no target has a host'
            : `hosts are: ${[...this.#names.keys()].sort().join(', ')}`,
      });
    }
    await watched.resolve();
    return watched.status;
  }

  /** Calls `listener` for each event until the function that it returns is called. */
  subscribe(listener: DnsListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Stops; waits for look-ups under way. */
  async close(): Promise<void> {
    await this.#drop([...this.#names.values()]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #resolveAll(names: readonly DnsName[]): Promise<WatchedName[]> {
    const added: WatchedName[] = [];
    const details: ErrorDetail[] = [];
    for (let start = 0; start < names.length; start += PARALLEL) {
      const batch = names.slice(start, start + PARALLEL);
      const results = await Promise.allSettled(
        batch.map(({ hostname, refreshSec }) => WatchedName.watch(hostname, refreshSec, this.#context)),
      );
      for (const [index, result] of results.entries()) {
        if (result.status === 'fulfilled') added.push(result.value);
        else
          details.push({
            where: batch[index]?.where ?? '',
            message: reasonText(batch[index], result.reason),
          });
      }
    }
    if (details.length === 0) return added;
    await Promise.all(added.map((watched) => watched.close()));
    throw new SluiceError('unreachable', 'host names of targets cannot be resolved', {
      details,
      fix: 'see what `getent ahosts NAME` and /etc/resolv.conf say, or give the targets by ip',
    });
  }

  async #keepOnly(wanted: ReadonlyMap<string, DnsName>): Promise<void> {
    for (const [hostname, { refreshSec }] of wanted) this.#names.get(hostname)?.setRefresh(refreshSec);
    await this.#drop([...this.#names.values()].filter(({ hostname }) => !wanted.has(hostname)));
  }

  async #drop(names: readonly WatchedName[]): Promise<void> {
    for (const { hostname } of names) this.#names.delete(hostname);
    await Promise.all(names.map((watched) => watched.close()));
  }

  #tell(event: DnsEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

/** A change of the followed names that can still be taken back. */
export interface DnsChange {
  commit(): Promise<void>;
  rollback(): Promise<void>;
}

/** A name that several targets have is resolved as often as the most impatient of them wants. */
function shortestRefresh(names: readonly DnsName[]): ReadonlyMap<string, DnsName> {
  const wanted = new Map<string, DnsName>();
  for (const name of names) {
    const known = wanted.get(name.hostname);
    if (known === undefined || name.refreshSec < known.refreshSec) wanted.set(name.hostname, name);
  }
  return wanted;
}

function reasonText(name: DnsName | undefined, reason: unknown): string {
  return `${name?.hostname}: ${reason instanceof Error ? reason.message : String(reason)}`;
}
