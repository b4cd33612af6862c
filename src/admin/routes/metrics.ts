import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { METRICS_TYPE } from '../../metrics/index.ts';
import { problemAnswer } from '../api/answers.ts';
import type { BalancerView } from '../view.ts';

const getMetrics = createRoute({
  method: 'get',
  path: '/metrics',
  tags: ['Status'],
  summary: 'Tell all metrics, for Prometheus.',
  description: 'The same as the metrics server tells; see docs/metrics.md.',
  responses: {
    200: {
      description: "The metrics, in Prometheus' text format.",
      content: { 'text/plain': { schema: z.string().describe('A line for each series.') } },
    },
    default: problemAnswer(),
  },
});

/** Metrics for Prometheus. */
export function addMetricsRoute(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getMetrics, async (context) =>
    context.text(await view.collectMetrics(), 200, { 'content-type': METRICS_TYPE }),
  );
}
