import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  CAPTURE_BOUNDS,
  CAPTURE_HOOKS,
  CAPTURE_OUTCOMES,
  type CaptureLine,
  type CaptureRequest,
} from '../../capture/index.ts';
import { jsonBody, problemAnswer } from '../api/answers.ts';
import type { BalancerView } from '../view.ts';
import { lineStream } from './line-stream.ts';

const HEADERS = { 'content-type': 'text/x-ndjson', 'cache-control': 'no-store' };
const MAX_WORDS = 512;
const MAX_REASONS = 64;

function bounded(name: keyof typeof CAPTURE_BOUNDS, description: string) {
  const { min, max } = CAPTURE_BOUNDS[name];
  return z.int().min(min).max(max).optional().describe(description);
}

const requestSchema = z
  .strictObject({
    filter: z
      .string()
      .max(MAX_WORDS)
      .optional()
      .describe("Addresses, ports and protocols, in tcpdump's words: `host 10.0.0.7 and tcp port 443`."),
    hooks: z
      .array(z.enum(CAPTURE_HOOKS))
      .min(1)
      .readonly()
      .optional()
      .describe('Only what these programs are done with.'),
    reasons: z
      .array(z.string().max(MAX_WORDS))
      .max(MAX_REASONS)
      .readonly()
      .optional()
      .describe('Only what left for one of these reasons: `no_target`, or a whole outcome: `dropped`.'),
    interface: z.string().max(MAX_WORDS).optional().describe('Only on this interface.'),
    oneIn: bounded('oneIn', 'Of so many packets that match, on each CPU, one is told.'),
    bytes: bounded('bytes', 'First bytes of each packet, payload or not; without it there are headers only.'),
    count: bounded('count', 'Packets after which it ends; 1,000 when it is not said.'),
    durationMs: bounded('durationMs', 'Time after which it ends; one minute when it is not said.'),
  })
  .openapi('CaptureRequest', {
    description: 'Which packets to see, and for how long.',
  }) satisfies z.ZodType<CaptureRequest>;

const frameSchema = z
  .strictObject({
    length: z.int().min(0).describe('Bytes of the whole frame.'),
    bytes: z.string().describe('Its first bytes, in Base64.'),
  })
  .openapi('CapturedFrame', { description: 'The first bytes of a frame.' });

const packetSchema = z
  .strictObject({
    type: z.literal('packet').describe('A packet.'),
    timeUs: z.number().describe('When it left the program, microseconds since 1970.'),
    hook: z.enum(CAPTURE_HOOKS).describe('The program.'),
    interface: z
      .strictObject({
        index: z.int().describe('Its index.'),
        name: z.string().describe('Its name.'),
      })
      .describe('Where it came in, or at `tc_egress` goes out.'),
    outcome: z.enum(CAPTURE_OUTCOMES).describe('What became of it.'),
    reason: z.string().describe('Why.'),
    verdict: z.int().describe('What the program returned to the kernel.'),
    proxy: z.string().nullable().describe('Whose packet it was.'),
    target: z.string().nullable().describe('The target of its flow.'),
    before: frameSchema,
    after: z.union([frameSchema, z.null()]).describe('As it left; null when it was dropped.'),
  })
  .openapi('CapturedPacket', { description: 'A packet as a program has seen it: `before` as it came.' });

const endSchema = z
  .strictObject({
    type: z.literal('end').describe('The end.'),
    why: z.enum(['count', 'time', 'stopped']).describe('What ended it.'),
    packets: z.int().min(0).describe('Packets that were told.'),
    matched: z.int().min(0).describe('Packets that the filter was for.'),
    lost: z.int().min(0).describe('Packets that should have been told, but were too many.'),
  })
  .openapi('CaptureEnd', { description: 'The last line of a capture.' });

const lineSchema = z
  .union([packetSchema, endSchema])
  .openapi('CaptureLine', { description: 'A line of a capture.' }) satisfies z.ZodType<CaptureLine>;

const postCapture = createRoute({
  method: 'post',
  path: '/v1/capture',
  tags: ['Connections'],
  summary: 'Show packets as the data path sees them, before and after, and why they left so.',
  description:
    'The answer is one JSON text a line, a [CapturedPacket](#capturedpacket) as it passes, and a [CaptureEnd](#captureend) last. ' +
    'It ends after the count or the time of the request, or when its reader leaves. One capture runs at a time. It may show ' +
    'secrets of clients, so it takes a token that may do everything.',
  request: { body: jsonBody(requestSchema, 'send {"filter": "host 10.0.0.7"}, or {} for all packets') },
  responses: {
    200: {
      description: 'The packets, a line each, and the end.',
      content: { 'text/x-ndjson': { schema: lineSchema } },
    },
    default: problemAnswer(),
  },
});

/** Packets as they pass. */
export function addCaptureRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(postCapture, async (context) => {
    const stop = new AbortController();
    const lines = await view.capture(context.req.valid('json'), stop.signal);
    return new Response(
      lineStream(lines, () => stop.abort()),
      { headers: HEADERS },
    );
  });
}
