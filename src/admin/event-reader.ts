import { SluiceError } from '../errors/index.ts';
import type { StampedEvent } from '../events/index.ts';
import { fromProblem } from './problem.ts';
import { type AdminClientOptions, send, transportError } from './transport.ts';

/** Most characters of one event; what is longer is not one of ours. */
const MAX_EVENT = 4 * 1024 * 1024;

/** How to read. */
export interface EventReading {
  /** Id of the last event that was read before. */
  readonly after: string | undefined;
  readonly signal: AbortSignal;
  /** Called when the daemon has begun to collect events. */
  readonly onOpen: (() => void) | undefined;
}

/**
 * Reads server-sent events from a daemon until it ends or the signal aborts.
 * @throws SluiceError of the daemon, or `unreachable`
 */
export async function* readEvents(
  options: AdminClientOptions,
  path: string,
  { after, signal, onOpen }: EventReading,
): AsyncGenerator<StampedEvent, void> {
  try {
    const headers = {
      accept: 'text/event-stream',
      ...(after === undefined ? {} : { 'last-event-id': after }),
    };
    const incoming = await send(options, 'GET', path, { headers, signal });
    incoming.setEncoding('utf8');
    if (incoming.statusCode !== 200) throw await refused(incoming, path);
    onOpen?.();
    let text = '';
    for await (const chunk of incoming) {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) yield* parseBlock(block);
      if (text.length > MAX_EVENT) throw new SluiceError('internal', 'an event of the daemon has no end');
    }
  } catch (error) {
    if (!signal.aborted) throw transportError(options, error);
  }
}

/** The event of a block of lines; none of a comment. */
function* parseBlock(block: string): Generator<StampedEvent> {
  const data = block
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice(5).trimStart());
  if (data.length > 0) yield JSON.parse(data.join('\n')) as StampedEvent;
}

async function refused(incoming: AsyncIterable<unknown>, path: string): Promise<SluiceError> {
  let text = '';
  for await (const chunk of incoming) text += String(chunk);
  return fromProblem(JSON.parse(text)) ?? new SluiceError('internal', `GET ${path} was refused`);
}
