import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ConnectionsReport } from '../../report/index.ts';
import { answers } from '../api/answers.ts';
import { listQuery, totalOfList, word } from '../api/parameters.ts';
import type { BalancerView } from '../view.ts';
import { trafficSchema } from './target-report.ts';

/** One flow. */
export const connectionSchema = z
  .strictObject({
    protocol: z.enum(['tcp', 'udp']).describe('Transport protocol.'),
    client: z.string().describe('`address:port` of the client.'),
    listener: z.string().describe('`address:port` that it connected to.'),
    target: z.string().describe('`address:port` of the target that was chosen for it.'),
    proxy: z.string().describe('Name of the proxy.'),
    state: z.enum(['syn', 'established', 'closing', 'udp']).describe('How far the flow is.'),
    ageSeconds: z.number().describe('Since it was opened.'),
    idleSeconds: z.number().describe('Since its last packet.'),
    forward: trafficSchema,
    reply: trafficSchema,
  })
  .openapi('Connection', { description: 'A flow that is open.' });

const connectionsSchema = z
  .strictObject({
    total: totalOfList(),
    connections: z.array(connectionSchema).readonly().describe('The flows, youngest first.'),
  })
  .openapi('Connections', { description: 'Flows that are open.' }) satisfies z.ZodType<ConnectionsReport>;

const getConnections = createRoute({
  method: 'get',
  path: '/v1/connections',
  tags: ['Connections'],
  summary: 'List the flows that are open now.',
  description: 'The order of pages is that of the table, and changes while flows come and go.',
  request: {
    query: listQuery({
      target: word('Only flows to this target: an address, or `address:port`.'),
      client: word('Only flows of this client: an address, or `address:port`.'),
    }),
  },
  responses: answers(connectionsSchema, 'The flows.'),
});

/** The flows that are open. */
export function addConnectionRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getConnections, async (context) =>
    context.json(await view.connections(context.req.valid('query')), 200),
  );
}
