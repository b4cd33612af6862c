import type { CircuitBreakerConfig } from '../model.ts';
import { circuitBreakerSchema } from '../schema/circuit-breaker.ts';

const SCHEMA = circuitBreakerSchema.optional();

/** The circuit breaker that a proxy gives its targets; `defaults` when it names none, or one that the schema refuses. */
export function readCircuitBreaker(raw: unknown, defaults: CircuitBreakerConfig): CircuitBreakerConfig {
  const { data } = SCHEMA.safeParse(raw);
  if (data === undefined) return defaults;
  return {
    enabled: data.enabled ?? defaults.enabled,
    errorThresholdPct: data.errorThresholdPct ?? defaults.errorThresholdPct,
    minRequests: data.minRequests ?? defaults.minRequests,
    openDurationMs: data.openDurationMs ?? defaults.openDurationMs,
    halfOpenRequests: data.halfOpenRequests ?? defaults.halfOpenRequests,
    windowSizeMs: data.windowSizeMs ?? defaults.windowSizeMs,
  };
}
