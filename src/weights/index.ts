export { effectiveWeights, type Weighted } from './effective.ts';
export type { Factor, Factors } from './factors.ts';
export { type Load, type LoadedTarget, nextLoads } from './load.ts';
export { percentShares } from './shares.ts';
