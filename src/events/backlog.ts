import {
  type BalancerEvent,
  type EventFilter,
  type EventStamp,
  isWanted,
  type StampedEvent,
  wantsFlows,
} from './event.ts';
import type { FlowEvent } from './flow.ts';

/** What a backlog is made of. */
export interface BacklogOptions {
  readonly filter: EventFilter;
  /** Events that may wait. */
  readonly max: number;
  readonly onEnd: () => void;
}

/** The events that wait for one reader. */
export class Backlog implements AsyncIterable<StampedEvent>, AsyncIterator<StampedEvent>, AsyncDisposable {
  readonly #options: BacklogOptions;
  readonly #waiting: (EventStamp & (BalancerEvent | FlowEvent))[] = [];
  #dropped = 0;
  #hasEnded = false;
  #wake: () => void = () => {};

  constructor(options: BacklogOptions) {
    this.#options = options;
  }

  /** Lets an event wait, if the reader wants it. */
  add(event: EventStamp & (BalancerEvent | FlowEvent)): void {
    if (this.#hasEnded || !isWanted(event, this.#options.filter)) return;
    this.#waiting.push(event);
    if (this.#waiting.length > this.#options.max) {
      this.#waiting.shift();
      this.#dropped += 1;
    }
    this.#wake();
  }

  /** Whether the reader wants to hear of single flows. */
  get wantsFlows(): boolean {
    return !this.#hasEnded && wantsFlows(this.#options.filter);
  }

  /** Notes that events are missing. */
  drop(count: number): void {
    this.#dropped += count;
  }

  /** No more will come; what waits can still be read. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#options.onEnd();
    this.#wake();
  }

  async next(): Promise<IteratorResult<StampedEvent, undefined>> {
    for (;;) {
      const value = this.#take();
      if (value !== undefined) return { done: false, value };
      if (this.#hasEnded) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async return(): Promise<IteratorResult<StampedEvent, undefined>> {
    this.#waiting.length = 0;
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): AsyncIterator<StampedEvent, undefined> {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  /** The next event; first of all, what is missing before it. */
  #take(): StampedEvent | undefined {
    const [first] = this.#waiting;
    if (first === undefined) return undefined;
    if (this.#dropped > 0) {
      const { id, at } = first;
      const count = this.#dropped;
      this.#dropped = 0;
      return { id: before(id), at, type: 'eventsDropped', count };
    }
    return this.#waiting.shift();
  }
}

/** A reader that breaks off right after the notice comes back for the event itself. */
function before(id: string): string {
  const [life = '', number = ''] = id.split('-');
  return `${life}-${Number(number) - 1}`;
}
