import type * as z from 'zod';
import { RANGES } from '../limits.ts';
import type { CircuitBreakerConfig } from '../model.ts';
import { map } from './collections.ts';
import { flag, integer } from './scalars.ts';

/** The built-in circuit breaker; `settings.circuitBreaker` and a proxy's own override it. */
export const BUILT_IN_CIRCUIT_BREAKER: CircuitBreakerConfig = {
  enabled: false,
  errorThresholdPct: 50,
  minRequests: 10,
  openDurationMs: 30_000,
  halfOpenRequests: 3,
  windowSizeMs: 60_000,
};

const shape = {
  enabled: flag().describe('Whether a target that fails clients gets no more of them for a while.'),
  errorThresholdPct: integer(RANGES.errorThresholdPct).describe(
    'Percent of connections that must fail for a circuit to open.',
  ),
  minRequests: integer(RANGES.minRequests).describe(
    'Connections that there must be in the window before a circuit opens.',
  ),
  openDurationMs: integer(RANGES.openDurationMs).describe(
    'How long a circuit stays open before it is half-open, milliseconds.',
  ),
  halfOpenRequests: integer(RANGES.halfOpenRequests).describe(
    'Connections that a target must answer while half-open for its circuit to close.',
  ),
  windowSizeMs: integer(RANGES.windowSizeMs).describe('How far back connections count, milliseconds.'),
};

/** A circuit breaker whose other settings come from those of the balancer. */
export const circuitBreakerSchema = map(shape, 'a map of circuit breaker settings')
  .partial()
  .describe('The circuit breaker of its targets; what it leaves out comes from settings.circuitBreaker.');

/** The circuit breaker of proxies that have none of their own. */
export const circuitBreakerDefaultsSchema = map(
  {
    enabled: shape.enabled.default(BUILT_IN_CIRCUIT_BREAKER.enabled),
    errorThresholdPct: shape.errorThresholdPct.default(BUILT_IN_CIRCUIT_BREAKER.errorThresholdPct),
    minRequests: shape.minRequests.default(BUILT_IN_CIRCUIT_BREAKER.minRequests),
    openDurationMs: shape.openDurationMs.default(BUILT_IN_CIRCUIT_BREAKER.openDurationMs),
    halfOpenRequests: shape.halfOpenRequests.default(BUILT_IN_CIRCUIT_BREAKER.halfOpenRequests),
    windowSizeMs: shape.windowSizeMs.default(BUILT_IN_CIRCUIT_BREAKER.windowSizeMs),
  },
  'a map of circuit breaker settings',
);

/** What {@link circuitBreakerSchema} yields. */
export type CircuitBreakerInput = z.output<typeof circuitBreakerSchema>;
