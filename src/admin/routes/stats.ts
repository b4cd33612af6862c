import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { StatsReport } from '../../report/index.ts';
import { answers } from '../api/answers.ts';
import type { BalancerView } from '../view.ts';
import { attemptsSchema, targetReportSchema, trafficSchema } from './target-report.ts';

const totalsSchema = z
  .strictObject({
    activeFlows: z.int().describe('Open flows, lasting and new ones.'),
    flows: z.int().describe('Flows ever opened.'),
    forward: trafficSchema,
    reply: trafficSchema,
    attempts: attemptsSchema,
  })
  .openapi('Totals', { description: 'Sums over all targets, also over those that were removed.' });

const reasonSchema = z
  .strictObject({
    hook: z.string().describe('The program that the packet left.'),
    reason: z.string().describe('Why it left that way.'),
    outcome: z.enum(['forwarded', 'passed', 'dropped']).describe('What happened to the packet.'),
    packets: z.int().describe('Packets.'),
  })
  .openapi('ReasonCount', { description: 'Packets that left a program for one reason.' });

const flowEventsSchema = z
  .strictObject({
    oneIn: z.int().describe('Of so many flows one is told of and logged; 0: of none.'),
    read: z.int().describe('Events of single flows that the daemon has read since it started.'),
    lost: z
      .strictObject({
        opened: z.int().describe('Events of opened flows for which the kernel had no room.'),
        closed: z.int().describe('The same of flows that have ended.'),
        flows: z.int().describe('Flows of which nothing is told, for want of room.'),
      })
      .describe('What was not told, though it should have been; since the instance was attached.'),
    accessLog: z
      .strictObject({
        written: z.int().describe('Records in the file.'),
        dropped: z.int().describe('Records that the file did not take in time.'),
      })
      .describe('What became of the records of the access log since the daemon started.'),
  })
  .openapi('FlowEvents', { description: 'What was told of single flows, and what was lost.' });

const statsSchema = z
  .strictObject({
    totals: totalsSchema,
    targets: z
      .array(targetReportSchema)
      .readonly()
      .describe('Every target, and removed ones with open flows.'),
    reasons: z
      .array(reasonSchema)
      .readonly()
      .describe('Packets by hook and reason; within a hook they sum to the packets seen there.'),
    flowEvents: flowEventsSchema,
  })
  .openapi('Stats', {
    description: 'All counters. They only grow while the instance is attached.',
  }) satisfies z.ZodType<StatsReport>;

const getStats = createRoute({
  method: 'get',
  path: '/v1/stats',
  tags: ['Status'],
  summary: 'Tell all counters.',
  responses: answers(statsSchema, 'The counters.'),
});

/** The counters. */
export function addStatsRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getStats, async (context) => context.json(await view.stats(), 200));
}
