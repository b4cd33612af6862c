import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { RANGES } from '../../config/index.ts';
import type { DrainsReport, ListTotal, TargetStateReport } from '../../report/index.ts';
import { answers, jsonBody } from '../api/answers.ts';
import { listQuery, pageOf, targetParameters, totalOfList } from '../api/parameters.ts';
import type { BalancerView } from '../view.ts';

const { min, max } = RANGES.drainTimeoutMs;
const stateSchema = z
  .enum(['ready', 'drain', 'maintenance'])
  .describe(
    '`ready` gets connections; `drain` and `maintenance` get no new ones; the last is not checked either.',
  );

const drainSchema = z
  .strictObject({
    proxy: z.string().describe('Proxy of the target.'),
    target: z.string().describe('The target.'),
    status: z.enum(['draining', 'completed', 'timeout', 'cancelled']).describe('How it is, or how it ended.'),
    elapsedMs: z.number().describe('Since it began; to its end, when it has ended.'),
    timeoutMs: z.number().describe('How long connections may take to end.'),
    initialConnections: z.int().describe('Flows that were open when it began.'),
    currentConnections: z.int().describe('Flows that were open at the last count.'),
  })
  .openapi('Drain', { description: 'A drain, under way or the last one of its target.' });

const drainsSchema = z
  .strictObject({
    total: totalOfList(),
    drains: z.array(drainSchema).readonly().describe('Drains under way.'),
  })
  .openapi('Drains', { description: 'Drains under way.' }) satisfies z.ZodType<DrainsReport & ListTotal>;

const targetStateSchema = z
  .strictObject({
    proxy: z.string().describe('Proxy of the target.'),
    target: z.string().describe('The target.'),
    state: stateSchema,
    drain: z
      .union([drainSchema, z.null()])
      .describe('The drain that is under way, or the last one; null when there was none.'),
  })
  .openapi('TargetState', {
    description: 'What operators want of a target.',
  }) satisfies z.ZodType<TargetStateReport>;

const stateBody = z
  .strictObject({
    state: stateSchema,
    timeoutMs: z
      .int()
      .min(min)
      .max(max)
      .optional()
      .describe('How long connections may take to end; for `drain`.'),
  })
  .refine(({ state, timeoutMs }) => state === 'drain' || timeoutMs === undefined, {
    path: ['timeoutMs'],
    message: 'only a drain has a timeout',
  })
  .openapi('TargetStateChange', { description: 'What a target shall be.' });

const getDrains = createRoute({
  method: 'get',
  path: '/v1/drains',
  tags: ['Draining'],
  summary: 'List the drains that are under way.',
  request: { query: listQuery({}) },
  responses: answers(drainsSchema, 'The drains.'),
});

const getState = createRoute({
  method: 'get',
  path: '/v1/targets/{proxy}/{target}/state',
  tags: ['Draining'],
  summary: 'Tell what operators want of a target, and how far its drain is.',
  request: { params: targetParameters },
  responses: answers(targetStateSchema, 'The state.'),
});

const putState = createRoute({
  method: 'put',
  path: '/v1/targets/{proxy}/{target}/state',
  tags: ['Draining'],
  summary: 'Drain a target, put it into maintenance, or make it ready again.',
  request: {
    params: targetParameters,
    body: jsonBody(
      stateBody,
      `send {"state": "ready"}, "maintenance", or "drain" with a "timeoutMs" from ${min} to ${max}`,
    ),
  },
  responses: answers(targetStateSchema, 'The state, in the kernel.'),
});

/** Draining and maintenance. */
export function addDrainRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getDrains, async (context) => {
    const { total, rows } = pageOf((await view.drains()).drains, context.req.valid('query'));
    return context.json({ total, drains: rows }, 200);
  });
  app.openapi(getState, async (context) => {
    const { proxy, target } = context.req.valid('param');
    return context.json(await view.targetState(proxy, target), 200);
  });
  app.openapi(putState, async (context) => {
    const { proxy, target } = context.req.valid('param');
    const { state, timeoutMs } = context.req.valid('json');
    return context.json(await view.setTargetState(proxy, target, state, timeoutMs), 200);
  });
}
