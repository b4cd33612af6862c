import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { SluiceError } from '../../errors/index.ts';
import { EVENT_TYPES, type EventType } from '../../events/index.ts';
import { answers, problemAnswer } from '../api/answers.ts';
import { listQuery, totalOfList, word } from '../api/parameters.ts';
import type { BalancerView } from '../view.ts';
import { eventSchema } from './event-schema.ts';
import { eventStream } from './event-stream.ts';

/** Streams at a time: each is a connection, and they must leave some for requests. */
const MAX_STREAMS = 64;

const HEARTBEAT_MS = 15_000;
const STREAM_HEADERS = { 'content-type': 'text/event-stream', 'cache-control': 'no-store' };

const known = new Set<string>(EVENT_TYPES);
const isEventType = (text: string): text is EventType => known.has(text);

const types = z
  .string()
  .transform((text) => text.split(','))
  .refine((words): words is EventType[] => words.every(isEventType), {
    error: `expected event types, separated by commas: ${EVENT_TYPES.join(', ')}`,
  })
  .optional()
  .openapi({ type: 'string' })
  .describe(`Only events of these types, separated by commas: ${EVENT_TYPES.join(', ')}.`);

const eventsSchema = z
  .strictObject({
    total: totalOfList(),
    events: z.array(eventSchema).readonly().describe('The events, the youngest last.'),
  })
  .openapi('Events', { description: 'What happened lately.' });

const getRecent = createRoute({
  method: 'get',
  path: '/v1/events/recent',
  tags: ['Events'],
  summary: 'List what happened lately: at most the last 1,000 events since the daemon started.',
  description: '`offset` and `limit` count from the youngest event.',
  request: { query: listQuery({ type: types }) },
  responses: answers(eventsSchema, 'The events.'),
});

const getEvents = createRoute({
  method: 'get',
  path: '/v1/events',
  tags: ['Events'],
  summary: 'Tell what happens as it happens (server-sent events).',
  description:
    'Each event has its id, its type as `event`, and as `data` the [Event](#event) in JSON. A reader that comes back with the header ' +
    '`Last-Event-ID` gets what it has missed, as far as that is among the last 1,000 events. A reader that is more than 1,000 ' +
    'events behind is told how many it has lost (`eventsDropped`). Comments every 15 s show that the stream lives.',
  request: {
    query: z
      .strictObject({ type: types, proxy: word('Only what happens to the proxy of this name.') })
      .describe('use type and proxy'),
    headers: z.object({
      'last-event-id': z.string().max(64).optional().describe('The id of the last event that was read.'),
    }),
  },
  responses: {
    200: {
      description: 'The events, without end.',
      content: { 'text/event-stream': { schema: z.string().describe('Server-sent events.') } },
    },
    default: problemAnswer(),
  },
});

/** What happens, and what happened. */
export function addEventRoutes(app: OpenAPIHono, view: BalancerView): void {
  let streams = 0;
  app.openapi(getRecent, (context) => {
    const { type, proxy, limit, offset } = context.req.valid('query');
    const all = view.feed.recent({ types: type, proxy });
    const end = Math.max(0, all.length - offset);
    return context.json({ total: all.length, events: all.slice(Math.max(0, end - limit), end) }, 200);
  });
  app.openapi(getEvents, (context) => {
    // Nobody would read, nor end, the body of the answer to a HEAD.
    if (context.req.method === 'HEAD') return new Response(null, { headers: STREAM_HEADERS });
    if (streams >= MAX_STREAMS) {
      throw new SluiceError('capacity', `${MAX_STREAMS} readers of events are connected already`);
    }
    const { type, proxy } = context.req.valid('query');
    const { 'last-event-id': after } = context.req.valid('header');
    const reading = view.feed.events({ types: type, proxy, after });
    streams += 1;
    const onEnd = () => {
      streams -= 1;
    };
    return new Response(eventStream(reading, { heartbeatMs: HEARTBEAT_MS, onEnd }), {
      headers: STREAM_HEADERS,
    });
  });
}
