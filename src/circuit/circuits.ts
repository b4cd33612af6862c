import type { Clock } from '../clock/index.ts';
import { type CircuitState, type TargetName, targetNameKey } from '../report/index.ts';
import {
  afterRequests,
  afterTime,
  type Circuit,
  type CircuitSettings,
  circuitOpenedByHand,
  closedCircuit,
  openCircuit,
  type Requests,
} from './circuit.ts';

/** A target whose circuit is watched. */
export interface CircuitSpec extends TargetName {
  readonly settings: CircuitSettings;
}

/** The circuit of a target, and what somebody wants of it. */
export interface WatchedCircuit {
  readonly spec: CircuitSpec;
  readonly circuit: Circuit;
  /** Set by hand; null when connections decide. */
  readonly manual: 'open' | 'closed' | null;
}

/** What circuits need of the balancer. */
export interface CircuitsOptions {
  readonly clock: Clock;
  /** A circuit has another status than before. */
  readonly onChange: (now: WatchedCircuit, before: Circuit['status']) => void;
}

/** The circuits of all targets: follows their connections, and the time that open ones stay so. */
export class Circuits {
  readonly #options: CircuitsOptions;
  #circuits = new Map<string, WatchedCircuit>();
  /** By circuit that is open for a time. */
  readonly #timers = new Map<string, () => void>();

  constructor(options: CircuitsOptions) {
    this.#options = options;
  }

  /** All of them, in the order of the configuration. */
  get all(): readonly WatchedCircuit[] {
    return [...this.#circuits.values()];
  }

  /** The circuit of a target; undefined when it has none. */
  find(of: TargetName): WatchedCircuit | undefined {
    return this.#circuits.get(targetNameKey(of));
  }

  /**
   * Watches these targets and no others. What is known of a target stays, also when its settings change.
   * @param isShut whether a new target begins with an open circuit
   * @returns whether some target has a circuit that had none, or none any more
   */
  watch(specs: readonly CircuitSpec[], isShut: (of: TargetName) => boolean = () => false): boolean {
    const nowMs = this.#options.clock.nowMs();
    const begin = (spec: CircuitSpec) =>
      isShut(spec)
        ? openCircuit(nowMs, 'had no share when this daemon took over', spec.settings)
        : closedCircuit(nowMs);
    const before = this.#circuits;
    this.#circuits = new Map(
      specs.map((spec) => {
        const known = before.get(targetNameKey(spec));
        const { circuit, manual } = known ?? { circuit: begin(spec), manual: null };
        return [targetNameKey(spec), { spec, circuit, manual }];
      }),
    );
    const every = new Set([...before.keys(), ...this.#circuits.keys()]);
    for (const key of every) this.#schedule(key);
    return every.size > before.size || every.size > this.#circuits.size;
  }

  /** Takes what became of connections to a target since the last time. */
  note(of: TargetName, requests: Requests): void {
    const watched = this.find(of);
    if (watched === undefined || watched.manual !== null) return;
    const { clock } = this.#options;
    this.#put(watched, afterRequests(watched.circuit, requests, clock.nowMs(), watched.spec.settings));
  }

  /** Opens or closes a circuit by hand, until `auto` begins anew with a closed one; false when the target has none. */
  set(of: TargetName, state: CircuitState): boolean {
    const watched = this.find(of);
    if (watched === undefined) return false;
    const nowMs = this.#options.clock.nowMs();
    const circuit = state === 'open' ? circuitOpenedByHand(nowMs) : closedCircuit(nowMs);
    this.#put({ ...watched, manual: state === 'auto' ? null : state }, circuit);
    return true;
  }

  /** Lets no more time pass: open circuits stay open. */
  stop(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  #put(watched: WatchedCircuit, circuit: Circuit): void {
    const key = targetNameKey(watched.spec);
    const before = this.#circuits.get(key)?.circuit.status ?? circuit.status;
    const now = { ...watched, circuit };
    this.#circuits.set(key, now);
    this.#schedule(key);
    if (circuit.status !== before) this.#options.onChange(now, before);
  }

  #schedule(key: string): void {
    this.#timers.get(key)?.();
    this.#timers.delete(key);
    const circuit = this.#circuits.get(key)?.circuit;
    if (circuit?.status !== 'open' || circuit.untilMs === null) return;
    const { clock } = this.#options;
    const work = () => {
      const watched = this.#circuits.get(key);
      if (watched) this.#put(watched, afterTime(watched.circuit, clock.nowMs()));
    };
    this.#timers.set(key, clock.after(Math.max(0, circuit.untilMs - clock.nowMs()), work));
  }
}
