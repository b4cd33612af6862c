import {
  type Input,
  NOTHING_COUNTED,
  type Options,
  type RefusedDelta,
  type TargetDelta,
} from '../engines/index.ts';
import type { Tables } from './tables.ts';

/** What one run of a program works on. */
export interface Context {
  readonly tables: Tables;
  readonly options: Options;
  readonly input: Input;
  /** The current epoch. */
  readonly now: number;
  /** The next number of the random number generator. */
  readonly random: () => number;
  /** Counters of targets, which this run adds to. */
  readonly targets: Map<number, TargetDelta>;
  /** Counters of what limits refused, by proxy, which this run adds to. */
  readonly refused: Map<number, RefusedDelta>;
}

/** What a program does with a packet. A frame is told when it was changed. */
export interface Result {
  readonly verdict: 'pass' | 'drop' | 'redirect';
  readonly reason: string;
  readonly frame?: Uint8Array;
  readonly redirect?: { readonly ifindex: number; readonly resolve: boolean };
  readonly copies?: readonly { readonly ifindex: number; readonly frame: Uint8Array }[];
}

/** Adds to a target's counters. */
export function addToTarget(context: Context, target: number, add: Partial<TargetDelta>): void {
  const old = context.targets.get(target) ?? NOTHING_COUNTED;
  context.targets.set(target, {
    forwardPackets: old.forwardPackets + (add.forwardPackets ?? 0),
    forwardBytes: old.forwardBytes + (add.forwardBytes ?? 0),
    replyPackets: old.replyPackets + (add.replyPackets ?? 0),
    replyBytes: old.replyBytes + (add.replyBytes ?? 0),
    flows: old.flows + (add.flows ?? 0),
    answered: old.answered + (add.answered ?? 0),
    established: old.established + (add.established ?? 0),
    refused: old.refused + (add.refused ?? 0),
    unanswered: old.unanswered,
    connectEpochs: old.connectEpochs + (add.connectEpochs ?? 0),
    mismeasured: 0,
  });
}

/** Generates the numbers of a list, and zeros when it is used up. */
export function randomsOf(list: readonly number[]): () => number {
  let next = 0;
  return () => list[next++] ?? 0;
}
