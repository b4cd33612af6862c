export { circuitFactor, windowOf } from './circuit.ts';
export { type CircuitSpec, Circuits, type WatchedCircuit } from './circuits.ts';
