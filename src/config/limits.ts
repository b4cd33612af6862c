/** An inclusive range of integers. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

/** The largest configuration file that is read, bytes. */
export const MAX_FILE_BYTES = 16 * 1024 * 1024;
/** How deeply lists and maps may be nested; a configuration needs seven levels. */
export const MAX_DEPTH = 64;
/** How many values a file may hold after its YAML aliases are expanded. */
export const MAX_VALUES = 2_000_000;
/** How many targets one pool may have. */
export const MAX_POOL_TARGETS = 1024;

/** The largest payload of a UDP health check, bytes: fits into any path's MTU. */
export const MAX_PAYLOAD_BYTES = 1200;

/** How many slots a pool may have whose connections find theirs by a hash: primes. */
export const HASH_TABLE_SIZES = [1021, 4093, 16_381, 65_521, 131_071] as const;

/** The range of every number in a configuration. */
export const RANGES = {
  port: { min: 1, max: 65_535 },
  weight: { min: 1, max: 100 },
  dnsRefreshSeconds: { min: 1, max: 3600 },
  healthIntervalMs: { min: 1000, max: 300_000 },
  healthTimeoutMs: { min: 100, max: 60_000 },
  healthThreshold: { min: 1, max: 10 },
  passiveThreshold: { min: 1, max: 1000 },
  errorThresholdPct: { min: 1, max: 100 },
  minRequests: { min: 1, max: 10_000 },
  openDurationMs: { min: 1000, max: 600_000 },
  halfOpenRequests: { min: 1, max: 100 },
  windowSizeMs: { min: 1000, max: 300_000 },
  httpStatus: { min: 100, max: 599 },
  flowTimeoutSec: { min: 1, max: 31_536_000 },
  maxConnections: { min: 1, max: 50_000_000 },
  requestsPerSec: { min: 0, max: 1_000_000 },
  rateBurst: { min: 1, max: 2_000_000 },
  ipv4PrefixLength: { min: 8, max: 32 },
  ipv6PrefixLength: { min: 16, max: 128 },
  maxSources: { min: 1000, max: 20_000_000 },
  flowSampling: { min: 1, max: 1_000_000 },
  accessLogSizeMb: { min: 0, max: 100_000 },
  accessLogFiles: { min: 0, max: 1000 },
  drainTimeoutMs: { min: 1000, max: 3_600_000 },
  loadUpdateIntervalMs: { min: 100, max: 10_000 },
  drainCheckIntervalMs: { min: 100, max: 60_000 },
} as const satisfies Record<string, Range>;
