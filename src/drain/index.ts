export { AdminStates } from './admin-states.ts';
export { Drains, type DrainsOptions } from './drains.ts';
