export type * from './model.ts';
export { NOTHING_COUNTED, NOTHING_LOST } from './model.ts';
export { WORLD, type WorldInterface } from './world.ts';
