import type { RateLimitConfig, RateLimitsConfig } from '../model.ts';
import {
  type ProxyRateLimitsInput,
  proxyRateLimitsSchema,
  type RateLimitInput,
} from '../schema/rate-limits.ts';

const SCHEMA = proxyRateLimitsSchema.optional();

/** A limit with its burst; null for none, which is written as a rate of 0. */
export function rateLimitOf({ requestsPerSec, burst }: RateLimitInput): RateLimitConfig | null {
  return requestsPerSec === 0 ? null : { requestsPerSec, burst: burst ?? 2 * requestsPerSec };
}

/** Limits as written, with what they leave out from `defaults`. */
export function rateLimitsOf(input: ProxyRateLimitsInput, defaults: RateLimitsConfig): RateLimitsConfig {
  return {
    perSource: input.perSource === undefined ? defaults.perSource : rateLimitOf(input.perSource),
    perBackend: input.perBackend === undefined ? defaults.perBackend : rateLimitOf(input.perBackend),
    ipv4PrefixLength: input.ipv4PrefixLength ?? defaults.ipv4PrefixLength,
    ipv6PrefixLength: input.ipv6PrefixLength ?? defaults.ipv6PrefixLength,
  };
}

/** The limits of a proxy; `defaults` when it names none, or some that the schema refuses. */
export function readProxyRateLimits(
  raw: unknown,
  { perSource, perBackend, ipv4PrefixLength, ipv6PrefixLength }: RateLimitsConfig,
): RateLimitsConfig {
  const defaults = { perSource, perBackend, ipv4PrefixLength, ipv6PrefixLength };
  const parsed = SCHEMA.safeParse(raw);
  return parsed.data === undefined ? defaults : rateLimitsOf(parsed.data, defaults);
}
