export type * from './model/basics.ts';
export type * from './model/capture.ts';
export type * from './model/held.ts';
export type * from './model/limits.ts';
export type * from './model/told.ts';
export { NOTHING_LOST } from './model/told.ts';
export type * from './model.ts';
export { NOTHING_COUNTED } from './model.ts';
export { WORLD, type WorldInterface } from './world.ts';
