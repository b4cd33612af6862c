/** Events that a slow reader may fall behind; older ones are dropped for it. */
const MAX_BEHIND = 1000;

/** Hands events to listeners and to readers of async iterables. */
export class EventHub<Event> {
  readonly #listeners = new Set<(event: Event) => void>();
  readonly #onFault: (error: unknown) => void;

  /** @param onFault is told what listeners throw */
  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
  }

  emit(event: Event): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (error) {
        this.#onFault(error);
      }
    }
  }

  /** Calls `listener` on every event until the returned function is called. */
  subscribe(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Every event from this call on, until the signal aborts or the reader leaves; 1,000 wait for a slow reader. */
  events(signal?: AbortSignal): AsyncIterable<Event> {
    const waiting: Event[] = [];
    let wake = () => {};
    const unsubscribe = this.subscribe((event) => {
      waiting.push(event);
      if (waiting.length > MAX_BEHIND) waiting.shift();
      wake();
    });
    const sleep = () =>
      new Promise<void>((resolve) => {
        wake = resolve;
      });
    return drain(waiting, sleep, () => wake(), unsubscribe, signal);
  }
}

async function* drain<Event>(
  waiting: Event[],
  sleep: () => Promise<void>,
  wake: () => void,
  unsubscribe: () => void,
  signal: AbortSignal | undefined,
): AsyncGenerator<Event, void> {
  signal?.addEventListener('abort', wake);
  try {
    while (!signal?.aborted) {
      const event = waiting.shift();
      if (event === undefined) await sleep();
      else yield event;
    }
  } finally {
    signal?.removeEventListener('abort', wake);
    unsubscribe();
  }
}
