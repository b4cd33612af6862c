import type { RateLimitConfig } from '../config/index.ts';

/** A source that was held back a moment ago. */
export interface LimitedSource {
  /** Address, or prefix where a prefix is one source. */
  readonly source: string;
  /** Packets of it that were dropped since it is remembered. */
  readonly dropped: number;
  /** Since the last of them. */
  readonly agoMs: number;
}

/** A target that has a limit. */
export interface LimitedTarget {
  readonly target: string;
  /** As the kernel keeps it: an interval is a whole number of nanoseconds. */
  readonly limit: RateLimitConfig;
  /** New connections that went to another target, or were dropped, because it had no room. */
  readonly refused: number;
  /** Since the last of them; null when there was none. */
  readonly agoMs: number | null;
}

/** The limits of a proxy, and what they do. */
export interface ProxyRateLimitsReport {
  readonly proxy: string;
  /** What a source may open; null: anything. */
  readonly perSource: RateLimitConfig | null;
  /** What targets without a limit of their own take; null: anything. */
  readonly perBackend: RateLimitConfig | null;
  readonly ipv4PrefixLength: number;
  readonly ipv6PrefixLength: number;
  /** Packets dropped ever. */
  readonly dropped: {
    /** Because of the source's limit. */
    readonly source: number;
    /** Because no target had room. */
    readonly target: number;
  };
  /** Sources that were held back in the last ten seconds, those with the most drops first, twenty at most. */
  readonly limitedSources: readonly LimitedSource[];
  /** Targets that have a limit. */
  readonly targets: readonly LimitedTarget[];
}

/** Answer of `GET /v1/rate-limits`. */
export interface RateLimitsReport {
  readonly proxies: readonly ProxyRateLimitsReport[];
}
