import { Backlog } from './backlog.ts';
import {
  type BalancerEvent,
  type EventFilter,
  type EventOf,
  type EventStamp,
  type EventType,
  isWanted,
  type StampedEvent,
  wantsFlows,
} from './event.ts';
import { type FlowEvent, isFlowType } from './flow.ts';

type Told = EventStamp & BalancerEvent;

/** Events that are kept for readers that come later. */
const KEPT = 1000;
/** Events that may wait for one reader. */
const MAX_BEHIND = 1000;
/** The same of events of single flows, which come many at a time. */
const MAX_FLOWS_BEHIND = 8192;

/** What a feed needs from outside. */
export interface EventFeedOptions {
  /** Wall clock, milliseconds since 1970. */
  readonly nowMs: () => number;
  /** Is told what listeners throw. */
  readonly onFault: (error: unknown) => void;
}

/** How to read events. */
export interface ReadOptions extends EventFilter {
  /** First those that came after the one with this id, as far as they are kept. */
  readonly after?: string | undefined;
  /** Ends the reading. */
  readonly signal?: AbortSignal | undefined;
}

/** Everything that happens in a balancer, for listeners, for readers, and a while for those that come later. */
export class EventFeed {
  readonly #options: EventFeedOptions;
  /** Ids of two daemons do not meet. */
  readonly #life: string;
  readonly #kept: Told[] = [];
  readonly #listeners = new Set<(event: Told) => void>();
  readonly #flowListeners = new Set<(event: EventStamp & FlowEvent) => void>();
  readonly #backlogs = new Set<Backlog>();
  #count = 0;

  constructor(options: EventFeedOptions) {
    this.#options = options;
    this.#life = options.nowMs().toString(36);
  }

  /** Tells everybody. */
  emit(event: BalancerEvent): void {
    this.#count += 1;
    const at = new Date(this.#options.nowMs()).toISOString();
    const told: Told = { id: `${this.#life}-${this.#count}`, at, ...event };
    this.#kept.push(told);
    if (this.#kept.length > KEPT) this.#kept.shift();
    for (const backlog of this.#backlogs) backlog.add(told);
    for (const listener of [...this.#listeners]) this.#call(listener, told);
  }

  /** Whether anybody wants to hear of single flows: telling of them costs. */
  get wantsFlows(): boolean {
    if (this.#flowListeners.size > 0) return true;
    for (const backlog of this.#backlogs) if (backlog.wantsFlows) return true;
    return false;
  }

  /**
   * Tells of a single flow, to those who ask for that. It is not kept for others, and has the id of the last event that was.
   * @param atMs when it happened, milliseconds since 1970
   */
  emitFlow(event: FlowEvent, atMs: number): void {
    const told = { id: `${this.#life}-${this.#count}`, at: new Date(atMs).toISOString(), ...event };
    for (const backlog of this.#backlogs) backlog.add(told);
    for (const listener of [...this.#flowListeners]) this.#call(listener, told);
  }

  /** Calls `listener` on every event of a type until the returned function is called. */
  on<Type extends EventType>(type: Type, listener: (event: EventOf<Type>) => void): () => void {
    const isOfType = <Each extends Told | (EventStamp & FlowEvent)>(
      event: Each,
    ): event is EventOf<Type> & Each => event.type === type;
    if (!isFlowType(type)) {
      return this.subscribe((event) => {
        if (isOfType(event)) listener(event);
      });
    }
    const ofFlows = (event: EventStamp & FlowEvent) => {
      if (isOfType(event)) listener(event);
    };
    this.#flowListeners.add(ofFlows);
    return () => void this.#flowListeners.delete(ofFlows);
  }

  /** Calls `listener` on every event, but those of single flows, until the returned function is called. */
  subscribe(listener: (event: EventStamp & BalancerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The events that are kept, the youngest last. */
  recent(filter: EventFilter = {}): readonly (EventStamp & BalancerEvent)[] {
    return this.#kept.filter((event) => isWanted(event, filter));
  }

  /**
   * Every event from this call on, until the signal aborts, the reader leaves, or the feed ends. Up to 1,000 wait for a slow
   * reader (8,192 if it asks for flows); then the oldest are dropped, and it is told how many.
   */
  events({ after, signal, ...filter }: ReadOptions = {}): AsyncIterable<StampedEvent> & AsyncDisposable {
    const max = wantsFlows(filter) ? MAX_FLOWS_BEHIND : MAX_BEHIND;
    const backlog = new Backlog({ filter, max, onEnd: () => this.#backlogs.delete(backlog) });
    if (after !== undefined) this.#replay(backlog, after);
    this.#backlogs.add(backlog);
    if (signal?.aborted) backlog.end();
    signal?.addEventListener('abort', () => backlog.end(), { once: true });
    return backlog;
  }

  /** Ends all readings, once they have read what is there. */
  close(): void {
    for (const backlog of this.#backlogs) backlog.end();
    this.#listeners.clear();
    this.#flowListeners.clear();
  }

  /** What came after `after`. Of another life, or of none, everything that is kept did. */
  #replay(backlog: Backlog, after: string): void {
    const [, life, number] = /^([0-9a-z]+)-(\d+)$/.exec(after) ?? [];
    const last = life === this.#life ? Number(number) : 0;
    const kept = this.#kept.slice(Math.max(0, this.#kept.length - Math.max(0, this.#count - last)));
    const missed = life === this.#life ? Math.max(0, this.#count - last) - kept.length : 0;
    if (missed > 0) backlog.drop(missed);
    for (const event of kept) backlog.add(event);
  }

  #call<Event>(listener: (event: Event) => void, event: Event): void {
    try {
      listener(event);
    } catch (error) {
      this.#options.onFault(error);
    }
  }
}
