import { EVENT_TYPES, type EventType } from './event.ts';
import type { EventFeed } from './event-feed.ts';
import { isFlowType } from './flow.ts';

/** Counts what a feed tells, from now on until it ends; without events of single flows, which flows are counted by. */
export class EventCounts {
  readonly #counts = new Map<EventType, number>(
    EVENT_TYPES.filter((type) => !isFlowType(type)).map((type) => [type, 0]),
  );
  #appliedAtMs = 0;

  constructor(feed: Pick<EventFeed, 'subscribe'>) {
    feed.subscribe(({ type, at }) => {
      this.#counts.set(type, (this.#counts.get(type) ?? 0) + 1);
      if (type === 'configurationApplied') this.#appliedAtMs = Date.parse(at);
    });
  }

  /** How often each type of event has happened. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  /** When a configuration was applied last, milliseconds since 1970; 0: never. */
  get appliedAtMs(): number {
    return this.#appliedAtMs;
  }
}
