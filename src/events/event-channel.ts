import type { BalancerEvent, EventOf, EventType } from './event.ts';
import type { EventFeed } from './event-feed.ts';

/** The events of some types in a feed: who has it may tell and hear these and no others. */
export class EventChannel<Type extends EventType> {
  readonly #feed: EventFeed;
  readonly #types: readonly Type[];

  constructor(feed: EventFeed, types: readonly Type[]) {
    this.#feed = feed;
    this.#types = types;
  }

  /** Tells everybody who listens to the feed. */
  emit(event: Extract<BalancerEvent, { readonly type: Type }>): void {
    this.#feed.emit(event);
  }

  /** Calls `listener` on every event until the returned function is called. */
  subscribe(listener: (event: EventOf<Type>) => void): () => void {
    const leaves = this.#types.map((type) => this.#feed.on(type, listener));
    return () => {
      for (const leave of leaves) leave();
    };
  }

  /**
   * Every event from this call on, until the signal aborts, the reader leaves, or the feed ends. A reader that is 1,000 events
   * behind loses the oldest; only {@link EventFeed.events} tells it.
   */
  events(signal?: AbortSignal): AsyncIterable<EventOf<Type>> {
    const all = this.#feed.events({ types: this.#types, signal });
    return this.#withoutNotices(all);
  }

  async *#withoutNotices(
    all: ReturnType<EventFeed['events']>,
  ): AsyncGenerator<EventOf<Type>, void, undefined> {
    for await (const event of all) if (this.#isOurs(event)) yield event;
  }

  #isOurs(event: { readonly type: string }): event is EventOf<Type> {
    return this.#types.some((type) => type === event.type);
  }
}
