export type { CircuitBreakers } from './circuit-breakers.ts';
export { detachInstance } from './detach-instance.ts';
export { FlowTeller } from './flow-teller.ts';
export type { HealthChecks } from './health-checks.ts';
export type { LiveConfig } from './live-config.ts';
export { LoadBalancer } from './load-balancer.ts';
export type { StartOptions } from './start-options.ts';
