import * as z from 'zod';
import { MAX_POOL_TARGETS, RANGES } from '../limits.ts';
import { list, map } from './collections.ts';
import { healthCheckSchema } from './health-check.ts';
import { proxyProtocol } from './proxy-protocol.ts';
import { rateLimitSchema } from './rate-limits.ts';
import { hostName, integer, port, targetAddress } from './scalars.ts';

/** One target: an address or a DNS name, and a port. */
export const targetSchema = map(
  {
    ip: targetAddress().optional().describe('IPv4 or IPv6 address. A target has `ip` or `host`.'),
    host: hostName()
      .optional()
      .describe(
        'DNS name, resolved at run time: A, AAAA, or SRV records (`_http._tcp.example.com`). A target has `ip` or `host`.',
      ),
    port: port().describe('Port of the target; an SRV record of `host` names its own.'),
    weight: integer(RANGES.weight)
      .optional()
      .describe(
        'Share of new connections, percent. In a pool of several targets all have one and they sum to 100, or none has one and the shares are equal.',
      ),
    dnsRefreshSeconds: integer(RANGES.dnsRefreshSeconds)
      .optional()
      .describe(
        'How often `host` is resolved again, seconds, unless its records live shorter; 30 when left out.',
      ),
    healthCheck: healthCheckSchema.optional(),
    rateLimit: rateLimitSchema
      .optional()
      .describe('What this target takes; without it, `rateLimits.perBackend` of its proxy.'),
    proxyProtocol: proxyProtocol('that of its route or proxy'),
  },
  'a map with `ip` (or `host`) and `port`',
).meta({ oneOf: [{ required: ['ip'] }, { required: ['host'] }] });

/** Several targets that share the connections of a route. */
export const targetListSchema = list(targetSchema, 'a list of targets').max(MAX_POOL_TARGETS, {
  error: `expected at most ${MAX_POOL_TARGETS} targets in one pool`,
});

/** One target or several. */
export const targetsSchema = z.union([targetSchema, targetListSchema], {
  error: 'expected a target or a list of targets',
});

/** What {@link targetSchema} yields. */
export type TargetInput = z.output<typeof targetSchema>;
