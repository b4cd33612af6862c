import { z } from '@hono/zod-openapi';
import type { TargetReport } from '../../report/index.ts';

/** Packets and bytes of one direction. */
export const trafficSchema = z
  .strictObject({
    packets: z.int().describe('Packets.'),
    bytes: z.int().describe('Bytes.'),
  })
  .openapi('Traffic', { description: 'Packets and bytes of one direction.' });

/** What became of attempts to connect. */
export const attemptsSchema = z
  .strictObject({
    answered: z.int().describe('The target sent a SYN-ACK.'),
    established: z.int().describe('And the client acknowledged it.'),
    refused: z.int().describe('The target sent a RST instead.'),
    unanswered: z.int().describe('Nothing came within a second; what comes later counts as answered too.'),
  })
  .openapi('Attempts', { description: 'What became of attempts to open a TCP connection.' });

/** One target with its counters. */
export const targetReportSchema = z
  .strictObject({
    proxy: z.string().describe('Its proxy.'),
    target: z.string().describe('`ip:port`, or `[ip]:port` for IPv6.'),
    weight: z.number().describe('Share of new connections of its first pool now, percent.'),
    pools: z
      .array(z.string())
      .readonly()
      .describe('Pools that name it: `default`, the network of a source route, the name of an SNI route.'),
    activeFlows: z.int().describe('Flows open now.'),
    flows: z.int().describe('Flows ever opened.'),
    forward: trafficSchema,
    reply: trafficSchema,
    attempts: attemptsSchema,
  })
  .openapi('TargetCounters', {
    description: 'A target with its counters.',
  }) satisfies z.ZodType<TargetReport>;
