export { Balancer, type ConfigFile, SLUICE } from './balancer.ts';
export { flowsByTarget, type WebOptions, webConfig } from './configs.ts';
export { expectShares } from './shares.ts';
