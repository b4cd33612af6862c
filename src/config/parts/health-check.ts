import type { HealthCheckConfig } from '../model.ts';
import { type HealthCheckInput, healthCheckSchema } from '../schema/health-check.ts';

const SCHEMA = healthCheckSchema.optional();

/** A check as configured, with what it leaves out from `defaults`. */
export function healthCheckOf(input: HealthCheckInput, defaults: HealthCheckConfig): HealthCheckConfig {
  const serverName = input.serverName ?? defaults.serverName;
  const caFile = input.caFile ?? defaults.caFile;
  const send = input.send ?? defaults.send;
  const expect = input.expect ?? defaults.expect;
  return {
    type: input.type ?? defaults.type,
    path: input.path ?? defaults.path,
    intervalMs: input.intervalMs ?? defaults.intervalMs,
    timeoutMs: input.timeoutMs ?? defaults.timeoutMs,
    healthyThreshold: input.healthyThreshold ?? defaults.healthyThreshold,
    unhealthyThreshold: input.unhealthyThreshold ?? defaults.unhealthyThreshold,
    expectedCodes: input.expectedCodes ?? defaults.expectedCodes,
    verify: input.verify ?? defaults.verify,
    passive: input.passive ?? defaults.passive,
    passiveThreshold: input.passiveThreshold ?? defaults.passiveThreshold,
    ...(serverName !== undefined && { serverName }),
    ...(caFile !== undefined && { caFile }),
    ...(send !== undefined && { send }),
    ...(expect !== undefined && { expect }),
  };
}

/** The check that a proxy gives its targets; `defaults` when it names none, or one that the schema refuses. */
export function readProxyHealthCheck(raw: unknown, defaults: HealthCheckConfig): HealthCheckConfig {
  const parsed = SCHEMA.safeParse(raw);
  return parsed.data === undefined ? defaults : healthCheckOf(parsed.data, defaults);
}
