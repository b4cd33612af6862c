import type { Tuple } from './basics.ts';

/** A connection that is bound late, and where its bytes are held. */
export interface HeldRow {
  /** Of the client's packets. */
  readonly client: Tuple;
  readonly slot: number;
  /** The turn of the slot when the connection got it. */
  readonly turn: number;
  /** How long ago that was. */
  readonly ageNs: bigint;
}

/** Room for the bytes of one connection. */
export interface SlotRow {
  /** Counts those that have had it. */
  readonly turn: number;
  readonly state: 'free' | 'collect' | 'syn' | 'replay';
  /** A packet is being added to it right now. */
  readonly busy: boolean;
}
