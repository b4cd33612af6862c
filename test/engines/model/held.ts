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
  /** What it holds; absent: nothing yet. */
  readonly stream?: StreamRow;
}

/** What is held of a client's stream, and how far its target has it. Bytes are hex. */
export interface StreamRow {
  /** The numbers that the client began with, and that we answered it with. */
  readonly isn: number;
  readonly cookie: number;
  /** From the first one on, without a gap. */
  readonly bytes: string;
  /** Behind a gap, by offset. */
  readonly pieces: readonly { readonly at: number; readonly bytes: string }[];
  /** The window of the client's last segment, as it was sent, and its scale; null: it does not scale. */
  readonly window: number;
  readonly scale: number | null;
  /** Of the target. */
  readonly mss: number;
  /** Bytes of the header that the target gets first; 0 for none. */
  readonly header: number;
  /** The name that was read. */
  readonly name?: string;
  /** Of header and bytes. */
  readonly sent: number;
  readonly acked: number;
  /** By acknowledging the same number again the target gets what it lacks once more. */
  readonly mayAsk: boolean;
}

/** A connection whose bytes are held, or were: what its entry and its slot say together. */
export interface HoldRow {
  /** Of the client's packets. */
  readonly client: Tuple;
  readonly slot: number;
  /** `lost`: another connection has its slot by now, or nobody. */
  readonly state: 'collect' | 'syn' | 'replay' | 'lost';
  /** Absent when it is lost. */
  readonly stream?: StreamRow;
}

/** Ranges without those that touch each other, in their order in the stream: how they are kept has no meaning. */
export function joined<Range extends { readonly start: number; readonly end: number }>(
  ranges: readonly Range[],
): readonly { readonly start: number; readonly end: number }[] {
  const all: { start: number; end: number }[] = [];
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    const last = all.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else all.push({ start, end });
  }
  return all;
}
