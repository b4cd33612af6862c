export { effectiveWeights, type Weighted } from './effective.ts';
export type { Factor, Factors } from './factors.ts';
export { percentShares } from './shares.ts';
