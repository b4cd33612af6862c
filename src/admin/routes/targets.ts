import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ListTotal, TargetsReport } from '../../report/index.ts';
import { answers } from '../api/answers.ts';
import { listQuery, pageOf, totalOfList } from '../api/parameters.ts';
import type { BalancerView } from '../view.ts';
import { algorithmSchema } from './algorithm.ts';
import { factorSchema } from './factor.ts';

const factorsSchema = z
  .strictObject({ health: factorSchema, drain: factorSchema, circuit: factorSchema, load: factorSchema })
  .openapi('Factors', { description: 'What is between the configured and the effective weight.' });

/** One target of one pool. */
export const targetWeightSchema = z
  .strictObject({
    proxy: z.string().describe('Its proxy.'),
    pool: z.string().describe('`default`, or the source of the route.'),
    algorithm: algorithmSchema,
    target: z.string().describe('`ip:port`, or `[ip]:port` for IPv6.'),
    configuredWeight: z.number().describe('As configured.'),
    effectiveWeight: z
      .number()
      .describe(
        'Configured weight times all factors; the configured one where that leaves nobody in the pool.',
      ),
    sharePercent: z.number().describe('Share of new connections of the pool now.'),
    factors: factorsSchema,
    activeFlows: z.int().describe('Flows open now.'),
  })
  .openapi('TargetWeight', { description: 'A target of a pool, and how its share comes about.' });

const targetsSchema = z
  .strictObject({
    total: totalOfList(),
    targets: z.array(targetWeightSchema).readonly().describe('Every target of every pool.'),
  })
  .openapi('Targets', { description: 'The weights of targets.' }) satisfies z.ZodType<
  TargetsReport & ListTotal
>;

const getTargets = createRoute({
  method: 'get',
  path: '/v1/targets',
  tags: ['Targets'],
  summary: 'Tell the weight of every target: configured, effective, and what makes the difference.',
  request: { query: listQuery({}) },
  responses: answers(targetsSchema, 'The targets.'),
});

/** The weights of targets. */
export function addTargetRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getTargets, async (context) => {
    const { total, rows } = pageOf((await view.targets()).targets, context.req.valid('query'));
    return context.json({ total, targets: rows }, 200);
  });
}
