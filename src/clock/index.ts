export { type Clock, systemClock } from './clock.ts';
export { inTicks } from './in-ticks.ts';
export { isoTimes, perSecond } from './iso-times.ts';
