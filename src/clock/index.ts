export { type Clock, systemClock } from './clock.ts';
export { isoTimes, perSecond } from './iso-times.ts';
