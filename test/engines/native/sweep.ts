import type { HeldRow, SlotRow } from '../model/held.ts';
import type { EventRow } from '../model/told.ts';
import type { FlowRow, Options, State, TargetDelta } from '../model.ts';

/** A state that the sweep program (`bpf/sweep.h`) is to walk over. */
export interface SweepCase {
  readonly name: string;
  readonly options: Options;
  readonly state: State;
  /** How long a flow half of each state may be idle, nanoseconds. */
  readonly timeoutsNs: Readonly<Record<FlowRow['state'], bigint>>;
  /** How long a target may take to answer a SYN, and when the sweep before was, on the clock that begins at `START_NS`; 0: there was none. */
  readonly answers: { readonly timeoutNs: bigint; readonly lastNs: bigint };
  /** What `target_active` holds before, by target id; default zeros. */
  readonly activeBefore?: Readonly<Record<number, number>>;
}

/** What the sweep left, and what it told of. */
export interface SweepOutcome {
  /** What was told, in no order. */
  readonly events: readonly EventRow[];
  readonly flows: readonly FlowRow[];
  readonly pending: readonly FlowRow[];
  readonly held: readonly HeldRow[];
  /** By index, without unused ones. */
  readonly slots: Readonly<Record<number, SlotRow>>;
  /** Open flows by target id, without zeros. */
  readonly targetActive: Readonly<Record<number, number>>;
  /** What targets have counted by the sweep. */
  readonly targets: Readonly<Record<number, TargetDelta>>;
  /** What `failures` counts after it. */
  readonly failures: number;
  /** Open flows in `flows` and in `pending`, and flow halves removed. */
  readonly counts: { readonly active: number; readonly pending: number; readonly expired: number };
}
