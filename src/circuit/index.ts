export { circuitFactor, windowOf } from './circuit.ts';
export { type CircuitSpec, Circuits, type WatchedCircuit } from './circuits.ts';
export type {
  CircuitClosedEvent,
  CircuitEvent,
  CircuitHalfOpenedEvent,
  CircuitOpenedEvent,
} from './events.ts';
