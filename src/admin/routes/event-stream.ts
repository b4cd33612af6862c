import type { StampedEvent } from '../../events/index.ts';

/** How long a reader waits before it comes back, milliseconds. */
const RETRY_MS = 1_000;

/** What a stream of events needs. */
export interface EventStreamOptions {
  /** Silence after which a comment shows that the stream lives. */
  readonly heartbeatMs: number;
  readonly onEnd: () => void;
}

/**
 * Server-sent events (WHATWG HTML, 9.2) of a reading. It is read only as fast as the client reads; what that means for events
 * that pile up is the reading's business.
 */
export function eventStream(
  reading: AsyncIterable<StampedEvent>,
  { heartbeatMs, onEnd }: EventStreamOptions,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const iterator = reading[Symbol.asyncIterator]();
  let next = iterator.next();
  let hasEnded = false;
  const end = () => {
    if (!hasEnded) onEnd();
    hasEnded = true;
  };
  return new ReadableStream({
    start: (controller) => controller.enqueue(encoder.encode(`retry: ${RETRY_MS}\n\n`)),
    pull: async (controller) => {
      const result = await orSilence(next, heartbeatMs);
      if (result === 'silence') {
        controller.enqueue(encoder.encode(': still here\n\n'));
      } else if (result.done) {
        end();
        controller.close();
      } else {
        next = iterator.next();
        controller.enqueue(encoder.encode(formatEvent(result.value)));
      }
    },
    cancel: async () => {
      end();
      await iterator.return?.();
    },
  });
}

async function orSilence<T>(next: Promise<T>, silenceMs: number): Promise<T | 'silence'> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<'silence'>((resolve) => {
    timer = setTimeout(() => resolve('silence'), silenceMs);
  });
  try {
    return await Promise.race([next, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** A notice of lost events has the id of the last one of them, so that who breaks off after it comes back for the rest. */
function formatEvent(event: StampedEvent): string {
  return `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
