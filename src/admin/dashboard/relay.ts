import type { Readable } from 'node:stream';
import type { Context } from 'hono';
import { type AdminClientOptions, send, transportError } from '../transport.ts';

const REQUEST_HEADERS = ['accept', 'content-type', 'if-match', 'if-none-match', 'last-event-id'] as const;
const ANSWER_HEADERS = ['content-type', 'cache-control', 'etag', 'sluice-access'] as const;
/** Answers that never have a body (RFC 9110). */
const WITHOUT_BODY: readonly number[] = [204, 205, 304];

/**
 * Hands a request on to a daemon, and its answer back as it comes. What the browser has besides (its token, cookies) stays here.
 * @throws SluiceError `unreachable` when no daemon answers, `permission` when its socket may not be used
 */
export async function relay({ req }: Context, to: AdminClientOptions): Promise<Response> {
  const { pathname, search } = new URL(req.url);
  try {
    const incoming = await send(to, req.method, `${pathname}${search}`, {
      text: await req.text(),
      headers: only(REQUEST_HEADERS, (name) => req.header(name)),
      signal: req.raw.signal,
    });
    const headers = only(ANSWER_HEADERS, (name) => {
      const value = incoming.headers[name];
      return typeof value === 'string' ? value : undefined;
    });
    const status = incoming.statusCode ?? 502;
    const body = req.method === 'HEAD' || WITHOUT_BODY.includes(status) ? null : bodyOf(incoming);
    if (body === null) incoming.resume();
    return new Response(body, { status, headers });
  } catch (error) {
    throw transportError(to, error);
  }
}

/** The answer as a stream; who goes away ends it. */
function bodyOf(incoming: Readable): ReadableStream<Uint8Array> {
  const iterator = incoming[Symbol.asyncIterator]();
  return new ReadableStream({
    pull: async (controller) => {
      // A daemon that goes away in the middle ends the answer.
      const next = await iterator.next().catch(() => ({ done: true as const, value: undefined }));
      if (next.done) controller.close();
      else controller.enqueue(next.value);
    },
    cancel: () => {
      incoming.destroy();
    },
  });
}

function only(
  names: readonly string[],
  find: (name: string) => string | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(names.flatMap((name) => [[name, find(name)]]).filter(hasValue));
}

function hasValue(entry: (string | undefined)[]): entry is [string, string] {
  return entry[1] !== undefined;
}
