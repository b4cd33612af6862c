import type { Settings } from '../model.ts';
import { BUILT_IN_HEALTH_CHECK } from '../schema/health-check.ts';
import { settingsSchema } from '../schema/settings.ts';
import { adminApiOf } from './admin-api.ts';
import { healthCheckOf } from './health-check.ts';
import { rateLimitsOf } from './rate-limits.ts';

const NO_LIMITS = { perSource: null, perBackend: null, ipv4PrefixLength: 32, ipv6PrefixLength: 64 };

/** Reads the settings and fills in the defaults; all defaults when the schema refuses them. */
export function readSettings(raw: unknown): Settings {
  const parsed = settingsSchema.safeParse(raw ?? {});
  const settings = parsed.success ? parsed.data : settingsSchema.parse({});
  return {
    statsEnabled: settings.statsEnabled,
    flowSampling: settings.flowSampling,
    accessLog: settings.accessLog,
    logLevel: settings.logLevel,
    connectionTimeoutSec: settings.connectionTimeoutSec,
    synTimeoutSec: settings.synTimeoutSec,
    closingTimeoutSec: settings.closingTimeoutSec,
    udpTimeoutSec: settings.udpTimeoutSec,
    maxConnections: settings.maxConnections,
    attach: typeof settings.attach === 'string' ? settings.attach : { ...settings.attach },
    replyInterfaces: settings.replyInterfaces,
    healthCheckEnabled: settings.healthCheckEnabled,
    healthCheckDefaults: healthCheckOf(settings.healthCheckDefaults, BUILT_IN_HEALTH_CHECK),
    circuitBreaker: settings.circuitBreaker,
    defaultDrainTimeoutMs: settings.defaultDrainTimeoutMs,
    drainCheckIntervalMs: settings.drainCheckIntervalMs,
    dnsServers: settings.dnsServers,
    rateLimits: {
      ...rateLimitsOf(settings.rateLimits, NO_LIMITS),
      maxSources: settings.rateLimits.maxSources,
    },
    loadBalancing: settings.loadBalancing,
    metrics: settings.metrics,
    adminApi: adminApiOf(settings.adminApi),
  };
}
