import { z } from '@hono/zod-openapi';
import type { TargetReport } from '../../report/index.ts';

/** Packets and bytes of one direction. */
export const trafficSchema = z
  .strictObject({
    packets: z.int().describe('Packets.'),
    bytes: z.int().describe('Bytes.'),
  })
  .openapi('Traffic', { description: 'Packets and bytes of one direction.' });

/** One target with its counters. */
export const targetReportSchema = z
  .strictObject({
    proxy: z.string().describe('Its proxy.'),
    target: z.string().describe('`ip:port`, or `[ip]:port` for IPv6.'),
    weight: z.number().describe('Share of new connections of its pool now, percent.'),
    activeFlows: z.int().describe('Flows open now.'),
    flows: z.int().describe('Flows ever opened.'),
    forward: trafficSchema,
    reply: trafficSchema,
  })
  .openapi('TargetCounters', {
    description: 'A target with its counters.',
  }) satisfies z.ZodType<TargetReport>;
