import type { Logger } from 'pino';
import {
  type CircuitSpec,
  Circuits,
  circuitFactor,
  type WatchedCircuit,
  windowOf,
} from '../circuit/index.ts';
import { type Clock, systemClock } from '../clock/index.ts';
import {
  type Config,
  configuredTargets,
  formatEndpoint,
  type ProxyConfig,
  type TargetConfig,
} from '../config/index.ts';
import { SluiceError } from '../errors/index.ts';
import { type CircuitEvent, EventChannel, type EventFeed } from '../events/index.ts';
import {
  type CircuitReport,
  type CircuitState,
  type CircuitsReport,
  type TargetName,
  targetNameKey,
} from '../report/index.ts';
import type { Factor } from '../weights/index.ts';
import type { AttemptGrowth } from './attempt-watcher.ts';
import type { DesiredState } from './desired.ts';
import { mustHaveTarget } from './unknown-target.ts';

/** What circuit breakers need of the balancer. */
export interface CircuitBreakersOptions {
  readonly logger: Logger;
  /** Where its events are told. */
  readonly feed: EventFeed;
  /** What is in force. */
  readonly desired: () => DesiredState;
  /** Some circuit has opened, half-opened or closed: the weights are to be worked out anew. */
  readonly onFactors: (urgency: 'soon' | 'now') => void;
  readonly clock?: Clock;
}

const EVENTS = { open: 'circuitOpened', 'half-open': 'circuitHalfOpened', closed: 'circuitClosed' } as const;

const NO_CIRCUIT: Factor = { value: 1, reason: 'no circuit breaker' };

/** The circuit breakers of a balancer: which targets get no connections because too many of theirs failed. */
export class CircuitBreakers {
  readonly #options: CircuitBreakersOptions;
  readonly #clock: Clock;
  readonly #circuits: Circuits;
  readonly #channel: EventChannel<CircuitEvent['type']>;

  constructor(options: CircuitBreakersOptions) {
    const { feed, clock = systemClock } = options;
    this.#options = options;
    this.#clock = clock;
    this.#channel = new EventChannel(feed, ['circuitOpened', 'circuitHalfOpened', 'circuitClosed']);
    this.#circuits = new Circuits({ clock, onChange: (now) => this.#onChange(now) });
  }

  /** Whether any target has a circuit. */
  get isEnabled(): boolean {
    return this.#circuits.all.length > 0;
  }

  /** Every circuit. */
  status(): CircuitsReport {
    return { circuits: this.#circuits.all.map((each) => this.#report(each)) };
  }

  /** The circuit of a target. @throws SluiceError `not_found`; `conflict` when its proxy has no circuit breaker */
  statusOf(of: TargetName): CircuitReport {
    const found = this.#circuits.find(of);
    if (found !== undefined) return this.#report(found);
    throw this.#noCircuit(of);
  }

  /**
   * Opens or closes a circuit by hand: it stays so, whatever connections find, until `auto`. It lasts while the target is in
   * the configuration, and ends with the daemon.
   * @throws SluiceError `not_found`; `conflict` when the target's proxy has no circuit breaker
   */
  set(of: TargetName, state: CircuitState): CircuitReport {
    if (!this.#circuits.set(of, state)) throw this.#noCircuit(of);
    const { proxy, target } = of;
    this.#options.logger.info({ proxy, target, state }, 'the circuit of a target was set by hand');
    return this.statusOf(of);
  }

  /** Calls `listener` on every event until the returned function is called. */
  subscribe(listener: (event: CircuitEvent) => void): () => void {
    return this.#channel.subscribe(listener);
  }

  /** Every event from now on, until the signal aborts; a reader that is 1,000 events behind loses the oldest. */
  events(signal?: AbortSignal): AsyncIterable<CircuitEvent> {
    return this.#channel.events(signal);
  }

  /** What the circuit leaves of a target's weight. */
  factor({ name }: ProxyConfig, { ip = '', port }: TargetConfig): Factor {
    const found = this.#circuits.find({ proxy: name, target: formatEndpoint({ ip, port }) });
    return found === undefined ? NO_CIRCUIT : circuitFactor(found.circuit);
  }

  /**
   * Watches the targets of this configuration from now on. What is known of a target stays known.
   * @param wasOut whether a target that is new had no share before this daemon
   * @returns whether the weights are to be worked out anew, see {@link Circuits.watch}
   */
  configure(config: Config, wasOut?: (of: TargetName) => boolean): boolean {
    return this.#circuits.watch(circuitSpecs(config), wasOut);
  }

  /** Takes what became of attempts to connect since the last time. */
  noteAttempts(growth: readonly AttemptGrowth[]): void {
    for (const { proxy, target, answered, refused, unanswered } of growth) {
      const requests = { successes: answered, errors: refused + unanswered };
      this.#circuits.note({ proxy, target }, requests);
    }
  }

  /** Changes no circuit any more. */
  stop(): void {
    this.#circuits.stop();
  }

  #onChange({ spec: { proxy, target }, circuit }: WatchedCircuit): void {
    const { reason } = circuitFactor(circuit);
    const { logger, onFactors } = this.#options;
    const event = { proxy, target, reason };
    if (circuit.status === 'open') logger.warn(event, 'the circuit of a target has opened');
    else logger.info(event, `the circuit of a target is ${circuit.status}`);
    this.#channel.emit({ type: EVENTS[circuit.status], ...event });
    onFactors(circuit.status === 'open' ? 'now' : 'soon');
  }

  #report({ spec, circuit, manual }: WatchedCircuit): CircuitReport {
    const { errors, successes, errorPct } = windowOf(circuit, this.#clock.nowMs(), spec.settings);
    const untilMs = circuit.status === 'open' ? circuit.untilMs : null;
    return {
      proxy: spec.proxy,
      target: spec.target,
      status: circuit.status,
      manual,
      reason: circuitFactor(circuit).reason,
      since: new Date(circuit.sinceMs).toISOString(),
      halfOpenAt: untilMs === null ? null : new Date(untilMs).toISOString(),
      successes: circuit.status === 'half-open' ? circuit.successes : successes,
      errors,
      errorPct,
    };
  }

  /** Says why a target has no circuit. @throws SluiceError `not_found` when there is no such target */
  #noCircuit(of: TargetName): SluiceError {
    mustHaveTarget(this.#options.desired(), of);
    return new SluiceError('conflict', `proxy ${of.proxy} has no circuit breaker`, {
      fix: 'set circuitBreaker.enabled of the proxy, or settings.circuitBreaker.enabled, to true, and reload',
    });
  }
}

/** Every target that has an address, of the proxies whose circuit breaker is on; once for each proxy. */
function circuitSpecs({ proxies }: Config): readonly CircuitSpec[] {
  const specs = new Map<string, CircuitSpec>();
  for (const proxy of proxies) {
    const { name, circuitBreaker: settings } = proxy;
    if (!settings.enabled) continue;
    for (const { ip, port } of configuredTargets(proxy)) {
      if (ip === undefined) continue;
      const of = { proxy: name, target: formatEndpoint({ ip, port }) };
      specs.set(targetNameKey(of), { ...of, settings });
    }
  }
  return [...specs.values()];
}
