import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { TraceReport } from '../../report/index.ts';
import { answers } from '../api/answers.ts';
import type { BalancerView } from '../view.ts';
import { connectionSchema } from './connections.ts';
import { targetWeightSchema } from './targets.ts';

const protocol = z.enum(['tcp', 'udp']);

const traceSchema = z
  .strictObject({
    client: z.string().describe('The client that was asked about.'),
    destination: z.string().describe('`address:port` that was asked about.'),
    protocol: protocol.describe('Transport protocol.'),
    sni: z.string().optional().describe('Host name that was asked about.'),
    outcome: z
      .enum(['balanced', 'not_ours', 'no_target'])
      .describe('What would become of a new connection; `not_ours`: nobody listens there.'),
    steps: z.array(z.string()).readonly().describe('The way to the outcome, a sentence a step.'),
    proxy: z.string().nullable().describe('The proxy that listens there.'),
    mode: z.enum(['nat', 'snat']).nullable().describe('How its packets reach targets.'),
    interfaces: z.array(z.string()).readonly().describe('Listening interfaces that carry the programs.'),
    pool: z
      .string()
      .nullable()
      .describe('What chose the targets: the source or host name of a route, or `default`.'),
    algorithm: targetWeightSchema.shape.algorithm.nullable().describe('How one of them is chosen.'),
    candidates: z
      .array(targetWeightSchema)
      .readonly()
      .describe('Who may be chosen, with the factors of each weight.'),
    flows: z
      .array(connectionSchema)
      .readonly()
      .describe('Open flows of this client to this destination: they stay with their targets.'),
  })
  .openapi('Trace', {
    description: 'Where a connection would go, and why.',
  }) satisfies z.ZodType<TraceReport>;

const getTrace = createRoute({
  method: 'get',
  path: '/v1/trace',
  tags: ['Connections'],
  summary: 'Tell where a connection of a client would go, and why.',
  request: {
    query: z
      .strictObject({
        client: z.string().min(1).max(64).describe('Address of the client, or `address:port`.'),
        destination: z.string().min(1).max(64).describe('`address:port` that it connects to.'),
        protocol: protocol.default('tcp').describe('Transport protocol.'),
        sni: z.string().min(1).max(255).optional().describe('Host name that the client asks for (TLS).'),
      })
      .describe('use client=ADDRESS, destination=ADDRESS:PORT, protocol=tcp or udp, and sni=NAME'),
  },
  responses: answers(traceSchema, 'The way of the connection.'),
});

/** The way of a connection. */
export function addTraceRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getTrace, async (context) => context.json(await view.trace(context.req.valid('query')), 200));
}
