import { SluiceError } from '../errors/index.ts';

/** Hands out the lowest ids of a table that are not taken. */
export class IdAllocator {
  readonly #table: string;
  readonly #limit: number;
  readonly #taken: Set<number>;
  #next = 0;

  constructor(table: string, limit: number, taken: Iterable<number>) {
    this.#table = table;
    this.#limit = limit;
    this.#taken = new Set(taken);
  }

  /** @throws SluiceError `capacity` when every id is taken. */
  take(): number {
    while (this.#taken.has(this.#next)) this.#next++;
    if (this.#next >= this.#limit) {
      throw new SluiceError('capacity', `no room for more ${this.#table}: the table holds ${this.#limit}`, {
        fix: 'spread the configuration over several instances, or detach and start anew to forget old entries',
      });
    }
    return this.#next++;
  }
}
