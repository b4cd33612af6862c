import type { RateLimitConfig, RateLimitsConfig } from '../config/index.ts';
import type { RateRule } from '../datapath/index.ts';
import type { DesiredSourceLimit } from './desired.ts';

const NS_PER_SEC = 1_000_000_000;

/**
 * A limit as the kernel keeps it. The interval is a whole number of nanoseconds, so a rate is off by half of its millionth
 * part at 1,000 a second, and by 0.05 % at most.
 */
export function rateRule(limit: RateLimitConfig | null): RateRule {
  if (limit === null) return { intervalNs: 0, toleranceNs: 0 };
  const intervalNs = Math.round(NS_PER_SEC / limit.requestsPerSec);
  return { intervalNs, toleranceNs: (limit.burst - 1) * intervalNs };
}

/** The limit of a proxy's sources; null for none. */
export function sourceLimit(limits: RateLimitsConfig): DesiredSourceLimit | null {
  if (limits.perSource === null) return null;
  const { ipv4PrefixLength, ipv6PrefixLength } = limits;
  return { ...rateRule(limits.perSource), ipv4PrefixLength, ipv6PrefixLength };
}

/** The limit that a rule stands for; null for none. */
export function limitOf({ intervalNs, toleranceNs }: RateRule): RateLimitConfig | null {
  if (intervalNs === 0) return null;
  return { requestsPerSec: Math.round(NS_PER_SEC / intervalNs), burst: toleranceNs / intervalNs + 1 };
}
