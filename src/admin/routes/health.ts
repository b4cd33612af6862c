import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { CheckReport } from '../../report/index.ts';
import { answers, jsonBody } from '../api/answers.ts';
import { listQuery, pageOf, proxyParameter, targetParameters } from '../api/parameters.ts';
import type { BalancerView } from '../view.ts';
import { healthSchema } from './health-report.ts';

const checkSchema = z
  .strictObject({
    success: z.boolean().describe('Whether the check succeeded.'),
    latencyMs: z.number().describe('How long it took.'),
    reason: z.string().nullable().describe('Why it failed, e.g. `timeout`; null when it did not.'),
    message: z.string().describe('What it found, for people.'),
  })
  .openapi('Check', { description: 'What a check by hand found.' }) satisfies z.ZodType<CheckReport>;

const statusBody = z
  .strictObject({
    status: z
      .enum(['healthy', 'unhealthy', 'auto'])
      .describe('Stands above what checks find; `auto` gives the target back to its checks.'),
  })
  .openapi('HealthChange', { description: 'The health of a target, set by hand.' });

const getHealth = createRoute({
  method: 'get',
  path: '/v1/health',
  tags: ['Health'],
  summary: 'Tell the health of all proxies.',
  request: { query: listQuery({}) },
  responses: answers(healthSchema, 'The health; `total` counts proxies.'),
});

const getProxyHealth = createRoute({
  method: 'get',
  path: '/v1/health/{proxy}',
  tags: ['Health'],
  summary: 'Tell the health of one proxy.',
  request: { params: proxyParameter },
  responses: answers(healthSchema, 'The health, with that proxy alone.'),
});

const postCheck = createRoute({
  method: 'post',
  path: '/v1/health/{proxy}/{target}/check',
  tags: ['Health'],
  summary: 'Check a target at once; counts like any other check.',
  request: { params: targetParameters },
  responses: answers(checkSchema, 'What the check found.'),
});

const putStatus = createRoute({
  method: 'put',
  path: '/v1/health/{proxy}/{target}/status',
  tags: ['Health'],
  summary: 'Set the health of a target by hand, or give it back to its checks.',
  request: {
    params: targetParameters,
    body: jsonBody(
      statusBody,
      'send {"status": "healthy"}, "unhealthy", or "auto" to give the target back to its checks',
    ),
  },
  responses: answers(statusBody, 'What was set.'),
});

/** The health of targets, and what a hand may change of it. */
export function addHealthRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getHealth, async (context) => {
    const { proxies, ...report } = await view.health();
    const { total, rows } = pageOf(proxies, context.req.valid('query'));
    return context.json({ ...report, total, proxies: rows }, 200);
  });
  app.openapi(getProxyHealth, async (context) => {
    const report = await view.health(context.req.valid('param').proxy);
    return context.json({ ...report, total: report.proxies.length }, 200);
  });
  app.openapi(postCheck, async (context) => {
    const { proxy, target } = context.req.valid('param');
    return context.json(await view.forceCheck(proxy, target), 200);
  });
  app.openapi(putStatus, async (context) => {
    const { proxy, target } = context.req.valid('param');
    const { status } = context.req.valid('json');
    await view.setTargetStatus(proxy, target, status);
    return context.json({ status }, 200);
  });
}
