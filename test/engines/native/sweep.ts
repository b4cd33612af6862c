import type { FlowRow, Options, State } from '../model.ts';

/** A state that the sweep program (`bpf/sweep.h`) is to walk over. */
export interface SweepCase {
  readonly name: string;
  readonly options: Options;
  readonly state: State;
  /** How long a flow half of each state may be idle, nanoseconds. */
  readonly timeoutsNs: Readonly<Record<FlowRow['state'], bigint>>;
  /** What `target_active` holds before, by target id; default zeros. */
  readonly activeBefore?: Readonly<Record<number, number>>;
}

/** What the sweep left, and what it told of. */
export interface SweepOutcome {
  readonly flows: readonly FlowRow[];
  readonly pending: readonly FlowRow[];
  /** Open flows by target id, without zeros. */
  readonly targetActive: Readonly<Record<number, number>>;
  /** Open flows in `flows` and in `pending`, and flow halves removed. */
  readonly counts: { readonly active: number; readonly pending: number; readonly expired: number };
}
