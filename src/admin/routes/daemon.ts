import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ReadinessReport } from '../../report/index.ts';
import { answers } from '../api/answers.ts';
import type { BalancerView } from '../view.ts';

const doneSchema = z
  .strictObject({ status: z.literal('detached').describe('What was done.') })
  .openapi('Detached', { description: 'Nothing is left in the kernel.' });
const aliveSchema = z
  .strictObject({ status: z.literal('ok').describe('The daemon answers.') })
  .openapi('Alive', { description: 'The daemon lives.' });
const readySchema = z
  .strictObject({
    ready: z.boolean().describe('Whether the balancer does its work.'),
    reasons: z.array(z.string()).readonly().describe('Why it is not ready; empty when it is.'),
  })
  .openapi('Readiness', {
    description:
      'Whether programs are attached, a configuration is in force, and the daemon is not stopping.',
  }) satisfies z.ZodType<ReadinessReport>;

const getHealthz = createRoute({
  method: 'get',
  path: '/healthz',
  tags: ['Daemon'],
  summary: 'Tell that the daemon lives.',
  responses: answers(aliveSchema, 'It lives.'),
});

const getReadyz = createRoute({
  method: 'get',
  path: '/readyz',
  tags: ['Daemon'],
  summary: 'Tell whether the balancer does its work.',
  responses: {
    200: { description: 'It does.', content: { 'application/json': { schema: readySchema } } },
    503: { description: 'It does not.', content: { 'application/json': { schema: readySchema } } },
  },
});

const postDetach = createRoute({
  method: 'post',
  path: '/v1/detach',
  tags: ['Daemon'],
  summary: 'Take everything out of the kernel; the daemon ends once this is answered.',
  responses: answers(doneSchema, 'Nothing is left in the kernel.'),
});

/** The life of the daemon. */
export function addDaemonRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getHealthz, (context) => context.json({ status: 'ok' } as const, 200));
  app.openapi(getReadyz, async (context) => {
    const report = await view.readiness();
    return report.ready ? context.json(report, 200) : context.json(report, 503);
  });
  app.openapi(postDetach, async (context) => {
    await view.detach();
    return context.json({ status: 'detached' } as const, 200);
  });
}
