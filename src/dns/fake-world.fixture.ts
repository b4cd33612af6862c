import { type DnsAnswer, type LookUp, shareOut } from './answer.ts';
import type { DnsClock } from './clock.ts';

/** Time that stands until it is moved, and no chance. */
export class FakeClock implements DnsClock {
  #now = Date.UTC(2030, 0, 1);
  #due: { readonly at: number; readonly work: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(delayMs: number, work: () => void): () => void {
    const entry = { at: this.#now + delayMs, work };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter((each) => each !== entry);
    };
  }

  random(): number {
    return 0;
  }

  /** Work that waits. */
  get waiting(): number {
    return this.#due.length;
  }

  /** Lets time pass, and what is due happen, in order. */
  async pass(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#due.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#due = this.#due.filter((each) => each !== next);
      this.#now = next.at;
      next.work();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = end;
  }
}

/** A name server whose answers a test sets, and that counts the questions. */
export class FakeNames {
  readonly answers = new Map<string, DnsAnswer | Error>();
  readonly asked: string[] = [];
  readonly servers: (readonly string[])[] = [];

  set(name: string, addresses: readonly string[], ttlSec: number | null = null): void {
    this.answers.set(name, {
      endpoints: shareOut(addresses.map((address) => ({ address, weight: 1 }))),
      ttlSec,
    });
  }

  fail(name: string, message: string): void {
    this.answers.set(name, new Error(message));
  }

  readonly lookUp: LookUp = async (name, servers) => {
    this.asked.push(name);
    this.servers.push(servers);
    const answer = this.answers.get(name) ?? new Error(`queryA ENOTFOUND ${name}`);
    if (answer instanceof Error) throw answer;
    return answer;
  };
}
