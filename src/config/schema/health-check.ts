import type * as z from 'zod';
import { RANGES } from '../limits.ts';
import type { HealthCheckConfig } from '../model.ts';
import { list, map } from './collections.ts';
import { absolutePath, flag, hostName, integer, oneOf, payload, urlPath } from './scalars.ts';

/** The built-in health check; `settings.healthCheckDefaults`, a proxy's and a target's `healthCheck` override it. */
export const BUILT_IN_HEALTH_CHECK: HealthCheckConfig = {
  type: 'tcp',
  path: '/health',
  intervalMs: 10_000,
  timeoutMs: 3000,
  healthyThreshold: 2,
  unhealthyThreshold: 3,
  expectedCodes: [200, 201, 202, 204],
  verify: true,
  passive: true,
  passiveThreshold: 3,
};

const shape = {
  type: oneOf(['tcp', 'http', 'https', 'udp', 'none']).describe(
    'How to check: a TCP connection, an HTTP or HTTPS GET, a UDP datagram and its answer, or not at all.',
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
  verify: flag().describe('Whether an HTTPS check refuses a certificate that is not valid for the target.'),
  passive: flag().describe(
    'Whether a target is taken out, too, that refuses or does not answer the connections of clients.',
  ),
  passiveThreshold: integer(RANGES.passiveThreshold).describe(
    'Connections of clients in a row that a target refuses or does not answer before it is taken out.',
  ),
  serverName: hostName().describe(
    'Name that an HTTP or HTTPS check asks for, and that the certificate must have; without it, the address.',
  ),
  caFile: absolutePath().describe('PEM file of the authorities that an HTTPS check trusts.'),
  send: payload().describe('Payload of a UDP check: a text, or `hex:` and bytes in hexadecimal.'),
  expect: payload().describe('What the answer to a UDP check must contain; written like `send`.'),
};

/** A health check whose other settings come from the defaults of the next wider scope. */
export const healthCheckSchema = map(shape, 'a map of health check settings')
  .partial()
  .describe(
    'The health check; what a target leaves out comes from its proxy, and then from healthCheckDefaults.',
  );

/** The health check of every target and proxy that have none of their own. */
export const healthCheckDefaultsSchema = map(
  {
    type: shape.type.default(BUILT_IN_HEALTH_CHECK.type),
    path: shape.path.default(BUILT_IN_HEALTH_CHECK.path),
    intervalMs: shape.intervalMs.default(BUILT_IN_HEALTH_CHECK.intervalMs),
    timeoutMs: shape.timeoutMs.default(BUILT_IN_HEALTH_CHECK.timeoutMs),
    healthyThreshold: shape.healthyThreshold.default(BUILT_IN_HEALTH_CHECK.healthyThreshold),
    unhealthyThreshold: shape.unhealthyThreshold.default(BUILT_IN_HEALTH_CHECK.unhealthyThreshold),
    expectedCodes: shape.expectedCodes.default([...BUILT_IN_HEALTH_CHECK.expectedCodes]),
    verify: shape.verify.default(BUILT_IN_HEALTH_CHECK.verify),
    passive: shape.passive.default(BUILT_IN_HEALTH_CHECK.passive),
    passiveThreshold: shape.passiveThreshold.default(BUILT_IN_HEALTH_CHECK.passiveThreshold),
    serverName: shape.serverName.optional(),
    caFile: shape.caFile.optional(),
    send: shape.send.optional(),
    expect: shape.expect.optional(),
  },
  'a map of health check settings',
);

/** What {@link healthCheckSchema} yields. */
export type HealthCheckInput = z.output<typeof healthCheckSchema>;
