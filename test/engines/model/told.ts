import type { Protocol, Traffic, Tuple } from './basics.ts';

/** What is told of flows: of how many one, and whether also when they are opened. */
export interface TellRow {
  readonly oneIn: number;
  readonly opened: boolean;
}

/** A flow that is told of, and what was known of it last. */
export interface ToldRow {
  readonly protocol: Protocol;
  /** The packets of the client, and those of the target, as they come in. */
  readonly client: Tuple;
  readonly reply: Tuple;
  readonly route: 'default' | 'source' | 'sni';
  /** The name of the SNI route as it is hashed, hex; empty: another route. */
  readonly name: string;
  readonly proxy: number;
  readonly target: number;
  readonly openedEpochsAgo: number;
  readonly seenEpochsAgo: number;
  readonly forward: Traffic;
  readonly backward: Traffic;
  /** Packets are missing. */
  readonly incomplete: boolean;
}

/** What user space is told: a flow was opened, or has ended, and how. */
export interface EventRow extends ToldRow {
  readonly end: 'none' | 'fin' | 'rst' | 'refused' | 'timeout' | 'evicted';
}

/** Events that were lost because there was no room. */
export interface LossesDelta {
  readonly opened: number;
  readonly closed: number;
  readonly flows: number;
}

/** Nothing was lost. */
export const NOTHING_LOST: LossesDelta = { opened: 0, closed: 0, flows: 0 };
