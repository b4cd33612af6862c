import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { LatenciesReport } from '../../report/index.ts';
import { answers } from '../api/answers.ts';
import type { BalancerView } from '../view.ts';

const ms = (description: string) => z.number().nullable().describe(description);

const targetLatencySchema = z
  .strictObject({
    proxy: z.string().describe('Its proxy.'),
    target: z.string().describe('`ip:port`, or `[ip]:port` for IPv6.'),
    connects: z.int().describe('Connections that it answered.'),
    meanMs: ms('Mean, milliseconds; null when it answered none, as the others.'),
    p50Ms: ms('Half of the answers came within, milliseconds.'),
    p95Ms: ms('95 % of the answers came within.'),
    p99Ms: ms('99 % of the answers came within.'),
  })
  .openapi('TargetLatency', {
    description:
      'How long a target took from the first SYN of a connection to its SYN-ACK. Percentiles are interpolated in buckets whose bounds are powers of two.',
  });

const latenciesSchema = z
  .strictObject({
    windowSeconds: z
      .int()
      .describe('What is told of: the last minute or a little more, or since the daemon has started.'),
    targets: z.array(targetLatencySchema).readonly().describe('Every target that is configured.'),
  })
  .openapi('Latencies', {
    description: 'How long targets took to answer lately.',
  }) satisfies z.ZodType<LatenciesReport>;

const getLatencies = createRoute({
  method: 'get',
  path: '/v1/latencies',
  tags: ['Targets'],
  summary: 'Tell how long targets took to answer SYNs lately.',
  responses: answers(latenciesSchema, 'The latencies.'),
});

/** How long targets take to answer. */
export function addLatencyRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getLatencies, async (context) => context.json(await view.latencies(), 200));
}
