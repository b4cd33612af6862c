import * as z from 'zod';
import { RANGES } from '../limits.ts';
import { LOG_LEVELS } from '../log-level.ts';
import { accessLogSchema } from './access-log.ts';
import { adminApiSchema } from './admin-api.ts';
import { circuitBreakerDefaultsSchema } from './circuit-breaker.ts';
import { map, unread } from './collections.ts';
import { healthCheckDefaultsSchema } from './health-check.ts';
import { loadBalancingSchema } from './load-balancing.ts';
import { rateLimitsSchema } from './rate-limits.ts';
import { bindAddress, dnsServer, flag, integer, interfaceName, oneOf, port, urlPath } from './scalars.ts';

const attachMode = () => oneOf(['auto', 'native', 'generic', 'tc']);
const timeout = () => integer(RANGES.flowTimeoutSec);
const attachExpected = 'expected "auto", "native", "generic", "tc" or a map from interface to one of these';
const replyExpected = 'expected "auto", "none" or a list of interface names';

const metricsSchema = map(
  {
    enabled: flag().default(false).describe('Serve metrics for Prometheus.'),
    address: bindAddress().default('127.0.0.1').describe('Address of the metrics server.'),
    port: port().default(9090).describe('Port of the metrics server.'),
    path: urlPath().default('/metrics').describe('Path of the metrics.'),
  },
  'a map of metrics settings',
);

/** Settings of the whole balancer, with their defaults. */
export const settingsSchema = map(
  {
    statsEnabled: flag()
      .default(false)
      .describe('Tell of every connection, when it is opened and when it has ended, to who reads events.'),
    flowSampling: integer(RANGES.flowSampling)
      .default(1)
      .describe('Of so many connections events and access log tell of one; 1: of all.'),
    connectionTimeoutSec: timeout()
      .default(300)
      .describe('Idle time after which an established TCP connection is forgotten, seconds.'),
    synTimeoutSec: timeout()
      .default(30)
      .describe('Life of a TCP connection that never got past its SYN, seconds.'),
    closingTimeoutSec: timeout()
      .default(10)
      .describe('Life of a TCP connection after both FINs or a RST, seconds.'),
    udpTimeoutSec: timeout()
      .default(60)
      .describe('Idle time after which a UDP conversation is forgotten, seconds.'),
    maxConnections: integer(RANGES.maxConnections)
      .default(100_000)
      .describe('Connections that the flow table holds; the oldest give way to new ones.'),
    attach: z
      .union([attachMode(), z.record(interfaceName(), attachMode())], { error: attachExpected })
      .default('auto')
      .describe('Where the programs hook in: one mode for all interfaces, or a map from interface to mode.'),
    replyInterfaces: z
      .union([oneOf(['auto', 'none']), z.array(interfaceName())], { error: replyExpected })
      .default('auto')
      .describe(
        'Interfaces that lead to targets and get the programs too; `auto` finds them by route look-up.',
      ),
    healthCheckEnabled: flag().default(false).describe('Check the health of targets.'),
    healthCheckDefaults: healthCheckDefaultsSchema
      .prefault({})
      .describe('The health check of targets that have none of their own.'),
    circuitBreaker: circuitBreakerDefaultsSchema
      .prefault({})
      .describe('The circuit breaker of proxies that have none of their own.'),
    defaultDrainTimeoutMs: integer(RANGES.drainTimeoutMs)
      .default(30_000)
      .describe('How long a drained target may keep its connections, milliseconds.'),
    drainCheckIntervalMs: integer(RANGES.drainCheckIntervalMs)
      .default(1000)
      .describe('How often the connections of a draining target are counted, milliseconds.'),
    dnsServers: z
      .array(dnsServer(), { error: 'expected a list of DNS servers' })
      .default([])
      .describe(
        'DNS servers that resolve the `host` of targets, `address` or `address:port`; those of this host when empty.',
      ),
    rateLimits: rateLimitsSchema
      .prefault({})
      .describe('Limits on new connections of proxies that have none of their own.'),
    metrics: metricsSchema.prefault({}).describe('Metrics for Prometheus.'),
    adminApi: adminApiSchema.prefault({}).describe('The admin API on TCP, besides the unix socket.'),
    loadBalancing: loadBalancingSchema.prefault({}).describe('How new connections choose their target.'),
    accessLog: accessLogSchema.prefault({}).describe('A record of every connection when it has ended.'),
    logLevel: oneOf(LOG_LEVELS)
      .default('info')
      .describe('How much the daemon logs; `--log-level` and `-v` of `sluice run` come first.'),
    maxSniRoutes: unread(),
  },
  'a map of settings',
);

/** What {@link settingsSchema} yields. */
export type SettingsInput = z.output<typeof settingsSchema>;
