import type { TargetName } from '../report/index.ts';

/** A target that gets no new connections, because too many failed or somebody has said so. */
export interface CircuitOpenedEvent extends TargetName {
  readonly type: 'circuitOpened';
  /** `60% of 10 connections failed`. */
  readonly reason: string;
}

/** A target that gets a tenth of its share, to see whether it answers. */
export interface CircuitHalfOpenedEvent extends TargetName {
  readonly type: 'circuitHalfOpened';
  readonly reason: string;
}

/** A target that gets its share again. */
export interface CircuitClosedEvent extends TargetName {
  readonly type: 'circuitClosed';
  readonly reason: string;
}

/** What happens to circuits. */
export type CircuitEvent = CircuitOpenedEvent | CircuitHalfOpenedEvent | CircuitClosedEvent;
