import { setTimeout as sleep } from 'node:timers/promises';
import { type FetchManyResult, fetchMany, type Host } from '../../lab/index.ts';

/** Connections of one round, and how many are open at a time. */
const ROUND = { count: 60, concurrency: 8 } as const;
/** 300 connections a second: as many as a machine can are no better a proof, and leave nothing for the tests beside. */
const ROUND_EVERY_MS = 200;

/** What became of the connections of a {@link Traffic}. */
export type TrafficResult = Pick<FetchManyResult, 'byTarget' | 'errors' | 'switched'>;

/** New HTTP connections in the background, round after round, until it is stopped. */
export class Traffic implements AsyncDisposable {
  readonly #host: Host;
  readonly #url: string;
  readonly #loop: Promise<void>;
  readonly #byTarget: Record<string, number> = {};
  readonly #errors: Record<string, number> = {};
  readonly #roundWaiters = new Set<() => void>();
  #switched = 0;
  #rounds = 0;
  #stopped = false;

  constructor(host: Host, url: string) {
    this.#host = host;
    this.#url = url;
    this.#loop = this.#run();
  }

  /** Waits for rounds that begin after this call and end. */
  async rounds(count = 1): Promise<void> {
    const goal = this.#rounds + count + 1;
    while (this.#rounds < goal && !this.#stopped) {
      await new Promise<void>((resolve) => this.#roundWaiters.add(resolve));
    }
  }

  /** Ends the round that is under way and tells what became of all of them. */
  async stop(): Promise<TrafficResult> {
    this.#stopped = true;
    await this.#loop;
    return { byTarget: this.#byTarget, errors: this.#errors, switched: this.#switched };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      const pause = sleep(ROUND_EVERY_MS);
      const result = await fetchMany(this.#host, this.#url, ROUND);
      addTo(this.#byTarget, result.byTarget);
      addTo(this.#errors, result.errors);
      this.#switched += result.switched;
      this.#rounds++;
      for (const wake of this.#roundWaiters) wake();
      this.#roundWaiters.clear();
      if (!this.#stopped) await pause;
    }
  }
}

function addTo(sums: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
}
