import { z } from '@hono/zod-openapi';
import type { HealthReport, ListTotal } from '../../report/index.ts';
import { totalOfList } from '../api/parameters.ts';
import { factorSchema } from './factor.ts';

const weights = (what: string) => z.array(z.number()).readonly().describe(what);

const targetHealthSchema = z
  .strictObject({
    target: z.string().describe('`ip:port`, or `[ip]:port` for IPv6.'),
    check: z.enum(['tcp', 'http', 'https', 'udp', 'none']).describe('How it is checked.'),
    status: z
      .enum(['unknown', 'healthy', 'recovering', 'unhealthy'])
      .describe("What checks say, or somebody's word, see `manual`."),
    manual: z.enum(['healthy', 'unhealthy']).nullable().describe('Set by hand; null when checks decide.'),
    factor: factorSchema,
    consecutiveSuccesses: z.int().describe('Checks in a row that succeeded.'),
    consecutiveFailures: z.int().describe('Checks in a row that failed.'),
    lastCheckedAt: z.string().nullable().describe('Time of the last check, ISO 8601; null before the first.'),
    lastLatencyMs: z.number().nullable().describe('How long the last check took.'),
    lastError: z
      .string()
      .nullable()
      .describe('Why the last check failed, e.g. `connection_refused`; or null.'),
    lastMessage: z.string().nullable().describe('What the last check found, for people.'),
  })
  .openapi('TargetHealth', { description: 'A target under one kind of check.' });

const poolSchema = z
  .strictObject({
    pool: z.string().describe('`default`, or the source of the route.'),
    targets: z.array(z.string()).readonly().describe('The targets.'),
    originalWeights: weights('As configured, percent, in the order of `targets`.'),
    effectiveWeights: weights('As they are, percent, in the order of `targets`.'),
  })
  .openapi('PoolWeights', { description: 'The weights of one pool.' });

const proxyHealthSchema = z
  .strictObject({
    proxy: z.string().describe('Name of the proxy.'),
    allHealthy: z.boolean().describe('Every target has its full share or is on the way to it.'),
    canServe: z.boolean().describe('Every pool has a target that is not unhealthy.'),
    targets: z.array(targetHealthSchema).readonly().describe('Every target, once for each kind of check.'),
    pools: z.array(poolSchema).readonly().describe('Every pool.'),
  })
  .openapi('ProxyHealth', { description: 'The health of one proxy.' });

/** Answer of the routes that tell health. */
export const healthSchema = z
  .strictObject({
    enabled: z
      .boolean()
      .describe('`settings.healthCheckEnabled`; without it every target counts as healthy.'),
    running: z.boolean().describe('Whether checks go out now.'),
    total: totalOfList(),
    proxies: z.array(proxyHealthSchema).readonly().describe('The proxies.'),
  })
  .openapi('Health', { description: 'The health of proxies.' }) satisfies z.ZodType<HealthReport & ListTotal>;
