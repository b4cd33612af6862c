import type { Logger } from 'pino';
import { type Clock, systemClock } from '../clock/index.ts';
import {
  type Config,
  formatEndpoint,
  mapTargets,
  type ProxyConfig,
  type Settings,
  type TargetConfig,
} from '../config/index.ts';
import { AdminStates, Drains } from '../drain/index.ts';
import { SluiceError } from '../errors/index.ts';
import type { DrainEnded, DrainStarted, TargetStateChanged } from '../events/index.ts';
import type {
  AdminState,
  DrainOutcome,
  DrainReport,
  TargetName,
  TargetStateReport,
} from '../report/index.ts';
import type { Factor } from '../weights/index.ts';
import type { DesiredState } from './desired.ts';
import { mustHaveTarget, targetNames } from './unknown-target.ts';

/** What the states of targets need of the balancer. */
export interface TargetStatesOptions {
  readonly logger: Logger;
  readonly settings: () => Settings;
  /** What is in force. */
  readonly desired: () => DesiredState;
  /** Counts the open flows of targets. */
  readonly countFlows: (targets: readonly TargetName[]) => Promise<readonly number[]>;
  /** Some state has changed: resolves when the kernel knows. */
  readonly onChanged: () => Promise<void>;
  /** Is told what happens to targets. */
  readonly onEvent: (event: TargetStateChanged | DrainStarted | DrainEnded) => void;
  /** File that keeps the states over restarts. */
  readonly path: string;
  readonly clock?: Clock;
}

/** How to drain a target. */
export interface DrainOptions {
  /** Default `settings.defaultDrainTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
  /** Is told how the drain ended. */
  readonly onComplete?: ((outcome: DrainOutcome) => void) | undefined;
}

/** What operators want of targets: ready, drained, in maintenance; and how far the drains are. */
export class TargetStates {
  readonly #options: TargetStatesOptions;
  readonly #states: AdminStates;
  readonly #drains: Drains;

  /** @throws SluiceError `file_unreadable` when what a former daemon kept cannot be read */
  constructor(options: TargetStatesOptions) {
    const { logger, countFlows, settings, clock = systemClock } = options;
    this.#options = options;
    this.#states = AdminStates.load(options.path);
    this.#drains = new Drains({
      clock,
      countFlows,
      intervalMs: () => settings().drainCheckIntervalMs,
      onBegan: (drain) => this.#announceBegin(drain),
      onEnded: (drain) => {
        logger.info(drain, `the drain of a target ended: ${drain.status}`);
        this.#announceEnd(drain);
      },
      onFault: (error) => logger.error({ err: error }, 'counting the connections of drained targets failed'),
    });
  }

  /** 0 for a target that gets no new connections. */
  factor({ name }: ProxyConfig, { ip = '', port }: TargetConfig): Factor {
    const state = this.#states.get({ proxy: name, target: formatEndpoint({ ip, port }) });
    return { value: state === 'ready' ? 1 : 0, reason: state === 'maintenance' ? 'in maintenance' : state };
  }

  /** Whether nobody has drained a target nor put it into maintenance. */
  isReady(of: TargetName): boolean {
    return this.#states.get(of) === 'ready';
  }

  /** Whether, at a time (milliseconds since 1970), nobody had drained a target nor put it into maintenance. */
  wasReady(of: TargetName, atMs: number): boolean {
    return this.#states.wasReady(of, atMs);
  }

  /** What operators want of a target that is configured. */
  stateOf(of: TargetName): AdminState {
    return this.#states.get(of);
  }

  /** A configuration in which targets in maintenance are not checked. */
  withoutMaintained(config: Config): Config {
    if (this.#states.all().every(({ state }) => state !== 'maintenance')) return config;
    return { ...config, proxies: config.proxies.map((proxy) => this.#withoutMaintained(proxy)) };
  }

  /** How a target stands. @throws SluiceError `not_found` */
  state(of: TargetName): TargetStateReport {
    mustHaveTarget(this.#options.desired(), of);
    const { proxy, target } = of;
    return { proxy, target, state: this.#states.get(of), drain: this.#drains.status(of) ?? null };
  }

  /** Drains that are under way. */
  running(): readonly DrainReport[] {
    return this.#drains.running();
  }

  /**
   * Sends a target no new connections and watches the open ones go. When it resolves the kernel knows. A target that is
   * being drained goes on as it is.
   * @throws SluiceError `not_found`
   */
  async drain(of: TargetName, options: DrainOptions = {}): Promise<TargetStateReport> {
    await this.#set(of, 'drain');
    const { timeoutMs = this.#options.settings().defaultDrainTimeoutMs, onComplete } = options;
    await this.#drains.start(of, timeoutMs);
    if (onComplete) void this.#drains.ended(of)?.then(onComplete);
    return this.state(of);
  }

  /** Gives a target its share again; a drain under way ends as `cancelled`. @throws SluiceError `not_found` */
  async undrain(of: TargetName): Promise<TargetStateReport> {
    await this.#set(of, 'ready');
    this.#drains.cancel(of);
    const drain = this.#drains.status(of);
    if (drain?.status === 'cancelled') this.#announceEnd(drain);
    return this.state(of);
  }

  /** Sends a target no new connections and checks it no more. @throws SluiceError `not_found` */
  async maintain(of: TargetName): Promise<TargetStateReport> {
    await this.#set(of, 'maintenance');
    return this.state(of);
  }

  /** Makes a target what an operator wants of it; `timeoutMs` counts for `drain`. @throws SluiceError `not_found` */
  set(of: TargetName, state: AdminState, timeoutMs?: number): Promise<TargetStateReport> {
    if (state === 'drain') return this.drain(of, { timeoutMs });
    return state === 'ready' ? this.undrain(of) : this.maintain(of);
  }

  /** Waits for the end of a target's drain. @throws SluiceError `not_found` when it was never drained */
  ended(of: TargetName): Promise<DrainOutcome> {
    mustHaveTarget(this.#options.desired(), of);
    const ended = this.#drains.ended(of);
    if (ended) return ended;
    throw new SluiceError('not_found', `target ${of.target} of proxy ${of.proxy} is not being drained`);
  }

  /** Forgets the states of targets that are not in force any more. */
  forgetOthers(): void {
    const proxies = new Map(this.#options.desired().proxies.map((proxy) => [proxy.name, proxy]));
    const isConfigured = ({ proxy, target }: TargetName) => {
      const found = proxies.get(proxy);
      return found !== undefined && targetNames(found).has(target);
    };
    this.#states.keepOnly(isConfigured, this.#nowMs());
    this.#drains.keepOnly(isConfigured);
  }

  /** Forgets all states: the instance ends. */
  remove(): void {
    this.#states.remove();
  }

  /** Ends the drains; the states stay, for the next daemon. */
  close(): Promise<void> {
    return this.#drains.close();
  }

  async #set(of: TargetName, state: AdminState): Promise<void> {
    mustHaveTarget(this.#options.desired(), of);
    if (this.#states.get(of) === state) return;
    this.#states.set(of, state, this.#nowMs());
    this.#options.logger.info({ ...of, state }, 'the state of a target was changed by hand');
    await this.#options.onChanged();
    this.#options.onEvent({ type: 'targetStateChanged', ...of, state });
  }

  #nowMs(): number {
    return (this.#options.clock ?? systemClock).nowMs();
  }

  #announceBegin({ proxy, target, initialConnections, timeoutMs }: DrainReport): void {
    this.#options.onEvent({ type: 'drainStarted', proxy, target, initialConnections, timeoutMs });
  }

  #announceEnd({ proxy, target, status, elapsedMs, currentConnections }: DrainReport): void {
    if (status === 'draining') return;
    this.#options.onEvent({ type: 'drainEnded', proxy, target, status, elapsedMs, currentConnections });
  }

  #withoutMaintained(proxy: ProxyConfig): ProxyConfig {
    const uncheck = (target: TargetConfig): TargetConfig => {
      const of = { proxy: proxy.name, target: formatEndpoint({ ip: target.ip ?? '', port: target.port }) };
      if (this.#states.get(of) !== 'maintenance') return target;
      const healthCheck = {
        ...(target.healthCheck ?? proxy.healthCheck),
        type: 'none',
        passive: false,
      } as const;
      return { ...target, healthCheck };
    };
    return mapTargets(proxy, (targets) => targets.map(uncheck));
  }
}
