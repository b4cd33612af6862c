export { type FuzzOptions, type FuzzResult, fuzz } from './fuzz.ts';
export { type Finding, judge, type Tally } from './judge.ts';
export { FIXED_SEED, freshSeed } from './seed.ts';
