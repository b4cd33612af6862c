import type { Clock } from '../clock/index.ts';
import type { Authorities } from './certificates.ts';
import type { CheckSpec } from './check-spec.ts';
import { prepareCheck } from './checks/prepare.ts';
import type { CheckOutcome } from './outcome.ts';
import { RepeatedCheck } from './repeated-check.ts';
import { afterCheck, type HealthState } from './state.ts';

/** What is known of a target's checks. */
export interface CheckRecord {
  readonly state: HealthState;
  /** The last check; null before the first. */
  readonly last: CheckOutcome | null;
  /** When it ended, milliseconds since 1970. */
  readonly lastAtMs: number | null;
  readonly consecutiveSuccesses: number;
  readonly consecutiveFailures: number;
}

/** What a target starts with that nobody has checked. */
export const UNCHECKED: CheckRecord = {
  state: { status: 'unknown' },
  last: null,
  lastAtMs: null,
  consecutiveSuccesses: 0,
  consecutiveFailures: 0,
};

/** What happens when a target's record changes. */
export interface TargetHealthOptions {
  readonly spec: CheckSpec;
  readonly authorities: Authorities | null;
  readonly clock: Clock;
  readonly record: CheckRecord;
  readonly onChange: (target: TargetHealth, before: CheckRecord) => void;
}

/** One target of a proxy under one kind of check: runs it, and remembers what came of it. */
export class TargetHealth {
  readonly spec: CheckSpec;
  readonly authorities: Authorities | null;
  readonly #clock: Clock;
  readonly #onChange: TargetHealthOptions['onChange'];
  /** Null when the settings ask for no check. */
  readonly #check: RepeatedCheck | null;
  #record: CheckRecord;

  constructor({ spec, authorities, clock, record, onChange }: TargetHealthOptions) {
    this.spec = spec;
    this.authorities = authorities;
    this.#clock = clock;
    this.#onChange = onChange;
    const start = prepareCheck({ ...spec, authorities });
    const { intervalMs } = spec.settings;
    const onOutcome = (outcome: CheckOutcome) => this.#note(outcome);
    this.#check = start && new RepeatedCheck({ start, intervalMs, clock, onOutcome });
    this.#record = start === null ? UNCHECKED : record;
  }

  /** Whether it is checked at all. */
  get isChecked(): boolean {
    return this.#check !== null;
  }

  get record(): CheckRecord {
    return this.#record;
  }

  begin(firstDelayMs: number): void {
    this.#check?.begin(firstDelayMs);
  }

  /** Checks at once; null when it is not to be checked, or checks stop. */
  async now(): Promise<CheckOutcome | null> {
    return this.#check?.now() ?? null;
  }

  stop(): void {
    this.#check?.stop();
  }

  #note(outcome: CheckOutcome): void {
    const before = this.#record;
    const failed = !outcome.success && outcome.reason !== 'local_error';
    this.#record = {
      state: afterCheck(before.state, outcome, this.spec.settings),
      last: outcome,
      lastAtMs: this.#clock.nowMs(),
      consecutiveSuccesses: outcome.success
        ? before.consecutiveSuccesses + 1
        : failed
          ? 0
          : before.consecutiveSuccesses,
      consecutiveFailures: outcome.success ? 0 : before.consecutiveFailures + (failed ? 1 : 0),
    };
    this.#onChange(this, before);
  }
}
