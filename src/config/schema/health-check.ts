import type * as z from 'zod';
import { RANGES } from '../limits.ts';
import type { HealthCheckConfig } from '../model.ts';
import { list, map } from './collections.ts';
import { integer, oneOf, urlPath } from './scalars.ts';

/** The built-in health check; `settings.healthCheckDefaults` and a target's own `healthCheck` override it. */
export const BUILT_IN_HEALTH_CHECK: HealthCheckConfig = {
  type: 'tcp',
  path: '/health',
  intervalMs: 10_000,
  timeoutMs: 3000,
  healthyThreshold: 2,
  unhealthyThreshold: 3,
  expectedCodes: [200, 201, 202, 204],
};

const shape = {
  type: oneOf(['tcp', 'http', 'https', 'none']).describe(
    'How to check: a TCP connection, an HTTP or HTTPS GET, or not at all.',
  ),
  path: urlPath().describe('The path that an HTTP or HTTPS check asks for.'),
  intervalMs: integer(RANGES.healthIntervalMs).describe('Time between two checks, milliseconds.'),
  timeoutMs: integer(RANGES.healthTimeoutMs).describe('How long one check may take, milliseconds.'),
  healthyThreshold: integer(RANGES.healthThreshold).describe(
    'Successes in a row that make a target healthy.',
  ),
  unhealthyThreshold: integer(RANGES.healthThreshold).describe(
    'Failures in a row that make a target unhealthy.',
  ),
  expectedCodes: list(integer(RANGES.httpStatus), 'a list of HTTP status codes').describe(
    'HTTP status codes that count as success.',
  ),
};

/** A target's own health check: what it leaves out comes from the defaults. */
export const healthCheckSchema = map(shape, 'a map of health check settings')
  .partial()
  .describe('The health check of this target; what it leaves out comes from healthCheckDefaults.');

/** The health check of every target that has none of its own. */
export const healthCheckDefaultsSchema = map(
  {
    type: shape.type.default(BUILT_IN_HEALTH_CHECK.type),
    path: shape.path.default(BUILT_IN_HEALTH_CHECK.path),
    intervalMs: shape.intervalMs.default(BUILT_IN_HEALTH_CHECK.intervalMs),
    timeoutMs: shape.timeoutMs.default(BUILT_IN_HEALTH_CHECK.timeoutMs),
    healthyThreshold: shape.healthyThreshold.default(BUILT_IN_HEALTH_CHECK.healthyThreshold),
    unhealthyThreshold: shape.unhealthyThreshold.default(BUILT_IN_HEALTH_CHECK.unhealthyThreshold),
    expectedCodes: shape.expectedCodes.default([...BUILT_IN_HEALTH_CHECK.expectedCodes]),
  },
  'a map of health check settings',
);

/** What {@link healthCheckSchema} yields. */
export type HealthCheckInput = z.output<typeof healthCheckSchema>;
