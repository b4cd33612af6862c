import type { Access } from './guard.ts';

/** Kinds of answers that go on until somebody leaves. */
const STREAMS = ['text/event-stream', 'text/x-ndjson'];

/** Whether who asked for a stream may go on reading it. */
export type StillAllowed = (access: Access) => boolean;

interface OpenStream {
  readonly isAllowed: StillAllowed;
  readonly end: () => void;
}

/** Streams that are being read, so that they end when the token that they were asked for with is accepted no more. */
export class OpenStreams {
  readonly #open = new Set<OpenStream>();

  /** An answer in the place of one that is a stream, which {@link endOthers} can end; null where it is none. */
  follow(answer: Response, isAllowed: StillAllowed): Response | null {
    const kind = answer.headers.get('content-type') ?? '';
    if (answer.body === null || !STREAMS.includes(kind)) return null;
    const reader = answer.body.getReader();
    const stream: OpenStream = { isAllowed, end: () => void reader.cancel().catch(() => {}) };
    this.#open.add(stream);
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const { done, value } = await reader.read().catch((error: unknown) => {
          this.#open.delete(stream);
          throw error;
        });
        if (!done) return controller.enqueue(value);
        this.#open.delete(stream);
        controller.close();
      },
      cancel: (reason) => {
        this.#open.delete(stream);
        return reader.cancel(reason);
      },
    });
    return new Response(body, answer);
  }

  /** Ends the streams of all whom `access` would not let read now. */
  endOthers(access: Access): void {
    for (const stream of this.#open) if (!stream.isAllowed(access)) stream.end();
  }
}
