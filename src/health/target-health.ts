import type { Clock } from '../clock/index.ts';
import type { TcpConnector } from '../libbpf/index.ts';
import type { Authorities } from './certificates.ts';
import type { CheckSpec } from './check-spec.ts';
import { prepareCheck } from './checks/prepare.ts';
import type { CheckOutcome } from './outcome.ts';
import {
  type Attempts,
  afterAttempts,
  type Hold,
  NO_HOLD,
  NO_STREAK,
  nextHold,
  passiveVerdict,
  type Streak,
} from './passive.ts';
import { RepeatedCheck } from './repeated-check.ts';
import { afterCheck, afterPassive, afterTime, type HealthState } from './state.ts';

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
  /** What TCP connections are made with. */
  readonly connector: TcpConnector;
  /** A check has ended, or clients have found the target dead. */
  readonly onChange: (target: TargetHealth, before: CheckRecord) => void;
}

/** How often a target is checked that clients have taken out a moment ago, and on its way back. */
const QUICK_INTERVAL_MS = 1000;
/** How long a moment is. */
const QUICK_FOR_MS = 60_000;
/** Time between two steps of the way back of a target that has no check. */
const UNCHECKED_STEP_MS = 1000;

/** One target of a proxy under one kind of check: runs it, and remembers what came of it and of clients' connections. */
export class TargetHealth {
  readonly spec: CheckSpec;
  readonly authorities: Authorities | null;
  readonly #clock: Clock;
  readonly #onChange: TargetHealthOptions['onChange'];
  /** Null when the settings ask for no check. */
  readonly #check: RepeatedCheck | null;
  #record: CheckRecord;
  #streak: Streak = NO_STREAK;
  #hold: Hold = NO_HOLD;
  /** When clients took it out; null once it is healthy again. */
  #takenOutAtMs: number | null = null;
  #cancelReturn = () => {};

  constructor({ spec, authorities, clock, record, connector, onChange }: TargetHealthOptions) {
    this.spec = spec;
    this.authorities = authorities;
    this.#clock = clock;
    this.#onChange = onChange;
    const start = prepareCheck({ ...spec, authorities, connector });
    const intervalMs = () => this.#intervalMs();
    const onOutcome = (outcome: CheckOutcome) => this.#note(outcome);
    this.#check = start && new RepeatedCheck({ start, intervalMs, clock, onOutcome });
    this.#record = this.#isKept(record) ? record : UNCHECKED;
    if (start === null && this.#record !== UNCHECKED) this.#hold = nextHold(NO_HOLD, clock.nowMs(), false);
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
    if (this.#check !== null || this.#record.state.status === 'unknown') return;
    this.#returnIn(Math.max(0, this.#hold.untilMs - this.#clock.nowMs()));
  }

  /** Checks at once; null when it is not to be checked, or checks stop. */
  async now(): Promise<CheckOutcome | null> {
    return this.#check?.now() ?? null;
  }

  stop(): void {
    this.#check?.stop();
    this.#cancelReturn();
  }

  /** Takes what became of clients' connections since the last reading; enough failures in a row take the target out. */
  noteAttempts(attempts: Attempts): void {
    const { passive, passiveThreshold } = this.spec.settings;
    if (!passive || this.#record.state.status === 'unhealthy') return;
    this.#streak = afterAttempts(this.#streak, attempts);
    const reason = passiveVerdict(this.#streak, passiveThreshold);
    if (reason !== null) this.#takeOut(reason);
  }

  /** Without a check nothing is known, but that clients have taken the target out. */
  #isKept({ state }: CheckRecord): boolean {
    const isTakenOut = state.status === 'unhealthy' && state.byClients === true;
    return this.#check !== null || (isTakenOut && this.spec.settings.passive);
  }

  #takeOut(reason: string): void {
    const nowMs = this.#clock.nowMs();
    this.#streak = NO_STREAK;
    this.#hold = nextHold(this.#hold, nowMs, this.isChecked);
    this.#takenOutAtMs = nowMs;
    this.#change({ ...this.#record, state: afterPassive(reason) });
    if (this.#check === null) this.#returnIn(this.#hold.untilMs - nowMs);
    else void this.#check.now();
  }

  /** Without a check, time brings a target back. */
  #returnIn(delayMs: number): void {
    this.#cancelReturn();
    this.#cancelReturn = this.#clock.after(delayMs, () => {
      const state = afterTime(this.#record.state);
      this.#change(state.status === 'healthy' ? UNCHECKED : { ...this.#record, state });
      if (state.status !== 'healthy') this.#returnIn(UNCHECKED_STEP_MS);
    });
  }

  #intervalMs(): number {
    const { intervalMs } = this.spec.settings;
    return this.#isQuick() ? Math.min(intervalMs, QUICK_INTERVAL_MS) : intervalMs;
  }

  /** Checks are quick for a while after clients took the target out, so that it is not out for long, and on its way back. */
  #isQuick(): boolean {
    if (this.#takenOutAtMs === null) return false;
    const isOnItsWay = this.#record.state.status === 'recovering';
    return isOnItsWay || this.#clock.nowMs() - this.#takenOutAtMs < QUICK_FOR_MS;
  }

  #note(outcome: CheckOutcome): void {
    const before = this.#record;
    const failed = !outcome.success && outcome.reason !== 'local_error';
    this.#change({
      state: this.#stateAfter(outcome),
      last: outcome,
      lastAtMs: this.#clock.nowMs(),
      consecutiveSuccesses: outcome.success
        ? before.consecutiveSuccesses + 1
        : failed
          ? 0
          : before.consecutiveSuccesses,
      consecutiveFailures: outcome.success ? 0 : before.consecutiveFailures + (failed ? 1 : 0),
    });
  }

  #stateAfter(outcome: CheckOutcome): HealthState {
    const { state } = this.#record;
    const isHeld = this.#takenOutAtMs !== null && this.#clock.nowMs() < this.#hold.untilMs;
    return outcome.success && isHeld ? state : afterCheck(state, outcome, this.spec.settings);
  }

  #change(record: CheckRecord): void {
    const before = this.#record;
    this.#record = record;
    const { status } = record.state;
    if (status === 'healthy' || status === 'unknown') this.#takenOutAtMs = null;
    this.#onChange(this, before);
  }
}
