import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { CircuitReport, CircuitsReport, ListTotal } from '../../report/index.ts';
import { answers, jsonBody } from '../api/answers.ts';
import { listQuery, pageOf, targetParameters, totalOfList } from '../api/parameters.ts';
import type { BalancerView } from '../view.ts';

const circuitSchema = z
  .strictObject({
    proxy: z.string().describe('Proxy of the target.'),
    target: z.string().describe('The target.'),
    status: z
      .enum(['closed', 'open', 'half-open'])
      .describe('`closed`: its share; `open`: no new connections; `half-open`: a tenth of its share.'),
    manual: z.enum(['open', 'closed']).nullable().describe('Set by hand; null when connections decide.'),
    reason: z.string().describe('Why, for people.'),
    since: z.string().describe('Since when, ISO 8601.'),
    halfOpenAt: z
      .string()
      .nullable()
      .describe('When an open circuit becomes half-open; null for others, and when opened by hand.'),
    successes: z.int().describe('Connections of its window, or of its trial, that the target answered.'),
    errors: z.int().describe('Those that it refused or did not answer.'),
    errorPct: z.number().describe('Errors, percent of both.'),
  })
  .openapi('Circuit', { description: 'The circuit of a target.' }) satisfies z.ZodType<CircuitReport>;

const circuitsSchema = z
  .strictObject({
    total: totalOfList(),
    circuits: z.array(circuitSchema).readonly().describe('One for each target with a circuit breaker.'),
  })
  .openapi('Circuits', { description: 'The circuits of targets.' }) satisfies z.ZodType<
  CircuitsReport & ListTotal
>;

const circuitBody = z
  .strictObject({
    state: z
      .enum(['open', 'closed', 'auto'])
      .describe(
        'What it shall be, whatever connections find; `auto` lets them decide, from a closed circuit on.',
      ),
  })
  .openapi('CircuitChange', { description: 'What a circuit shall be.' });

const getCircuits = createRoute({
  method: 'get',
  path: '/v1/circuits',
  tags: ['Circuit breaker'],
  summary: 'List the circuits of targets.',
  request: { query: listQuery({}) },
  responses: answers(circuitsSchema, 'The circuits.'),
});

const putCircuit = createRoute({
  method: 'put',
  path: '/v1/circuits/{proxy}/{target}',
  tags: ['Circuit breaker'],
  summary: 'Open or close the circuit of a target by hand, or give it back to connections.',
  request: {
    params: targetParameters,
    body: jsonBody(circuitBody, 'send {"state": "open"}, "closed" or "auto"'),
  },
  responses: answers(circuitSchema, 'The circuit, in the kernel.'),
});

/** Circuit breakers. */
export function addCircuitRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getCircuits, async (context) => {
    const { total, rows } = pageOf((await view.circuits()).circuits, context.req.valid('query'));
    return context.json({ total, circuits: rows }, 200);
  });
  app.openapi(putCircuit, async (context) => {
    const { proxy, target } = context.req.valid('param');
    return context.json(await view.setCircuit(proxy, target, context.req.valid('json').state), 200);
  });
}
