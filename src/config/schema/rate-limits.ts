import type * as z from 'zod';
import { RANGES } from '../limits.ts';
import { map } from './collections.ts';
import { integer } from './scalars.ts';

/** New connections a second, and how many may come at once. */
export const rateLimitSchema = map(
  {
    requestsPerSec: integer(RANGES.requestsPerSec).describe(
      'New connections and UDP conversations a second; 0 for no limit.',
    ),
    burst: integer(RANGES.rateBurst)
      .optional()
      .describe('How many may come at once after a pause; twice `requestsPerSec` when left out.'),
  },
  'a map with `requestsPerSec`',
);

const shape = {
  perSource: rateLimitSchema
    .optional()
    .describe('What one client may open at a proxy: each proxy counts for itself.'),
  perBackend: rateLimitSchema.optional().describe('What each target takes; more goes to other targets.'),
  ipv4PrefixLength: integer(RANGES.ipv4PrefixLength).describe(
    'IPv4 clients whose addresses agree in so many bits are one source.',
  ),
  ipv6PrefixLength: integer(RANGES.ipv6PrefixLength).describe(
    'IPv6 clients whose addresses agree in so many bits are one source.',
  ),
};

/** The limits of a proxy; what it leaves out comes from the settings. */
export const proxyRateLimitsSchema = map(shape, 'a map of rate limits')
  .partial()
  .describe('Limits on new connections of this proxy; what it leaves out comes from `settings.rateLimits`.');

/** The limits of every proxy that has none of its own. */
export const rateLimitsSchema = map(
  {
    ...shape,
    ipv4PrefixLength: shape.ipv4PrefixLength.default(32),
    ipv6PrefixLength: shape.ipv6PrefixLength.default(64),
    maxSources: integer(RANGES.maxSources)
      .default(100_000)
      .describe('Sources that are remembered, of all proxies together; the oldest give way to new ones.'),
  },
  'a map of rate limits',
);

/** What {@link rateLimitSchema} yields. */
export type RateLimitInput = z.output<typeof rateLimitSchema>;
/** What {@link proxyRateLimitsSchema} yields. */
export type ProxyRateLimitsInput = z.output<typeof proxyRateLimitsSchema>;
