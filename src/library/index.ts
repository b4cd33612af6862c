export { defineConfig } from './define-config.ts';
export { type DrainTargetOptions, RunningLoadBalancer, type TargetsInput } from './running.ts';
export { type StartLoadBalancerOptions, startLoadBalancer } from './start.ts';
export type { StatsOptions } from './stats.ts';
