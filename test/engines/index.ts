export type * from './model.ts';
export { NOTHING_COUNTED } from './model.ts';
export { WORLD, type WorldInterface } from './world.ts';
