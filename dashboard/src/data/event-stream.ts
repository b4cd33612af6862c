import type { StampedEvent } from '../../../src/events/index.ts';
import type { Client } from './client.ts';
import { takeEvents } from './event-blocks.ts';

/**
 * Reads server-sent events until the stream or the signal ends it. It reads no faster than `onEvents` returns: what then piles
 * up waits at the daemon, which drops and tells what is too much.
 * @throws ApiError of the daemon; TypeError when nothing answers
 */
export async function readEventStream(
  client: Client,
  { path, after, signal }: { readonly path: string; readonly after?: string; readonly signal: AbortSignal },
  onEvents: (events: readonly StampedEvent[]) => void,
): Promise<void> {
  const headers = {
    accept: 'text/event-stream',
    ...(after === undefined ? {} : { 'last-event-id': after }),
  };
  const answer = await client.open(path, headers, signal);
  if (answer.body === null) return;
  const decoder = new TextDecoder();
  let text = '';
  const reader = answer.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const { events, rest } = takeEvents(text + decoder.decode(value, { stream: true }));
    text = rest;
    if (events.length > 0) onEvents(events);
  }
}
