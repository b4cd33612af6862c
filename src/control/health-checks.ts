import type { Logger } from 'pino';
import type { Config, ProxyConfig, TargetConfig } from '../config/index.ts';
import { SluiceError } from '../errors/index.ts';
import { EventChannel, type EventFeed, type HealthEvent } from '../events/index.ts';
import {
  type Certificates,
  CheckLog,
  type CheckRecord,
  type CheckSpec,
  type CheckTotals,
  checkClock,
  checkSpecs,
  HealthMonitor,
  type TargetHealth,
} from '../health/index.ts';
import type {
  CheckReport,
  HealthReport,
  ProxyHealthReport,
  StatusToSet,
  TargetHealthReport,
} from '../report/index.ts';
import type { Factor } from '../weights/index.ts';
import type { AttemptGrowth } from './attempt-watcher.ts';
import type { DesiredState } from './desired.ts';
import { proxyHealthReport } from './health-reports.ts';
import { changedPools, poolWeights } from './pool-weights.ts';
import { noSuchProxy, noSuchTarget } from './unknown-target.ts';

/** What health checks need of the balancer. */
export interface HealthChecksOptions {
  readonly logger: Logger;
  /** Where its events are told. */
  readonly feed: EventFeed;
  /** What is in force. */
  readonly desired: () => DesiredState;
  /** Some target's factor has changed: the weights are to be worked out anew, `now` when connections fail meanwhile. */
  readonly onFactors: (urgency: 'soon' | 'now') => void;
}

const CHECKS_OFF: Factor = { value: 1, reason: 'health checks are off' };

/** The health checks of a balancer: which targets are checked, what is known of them, and what a hand may change. */
export class HealthChecks {
  readonly #options: HealthChecksOptions;
  readonly #channel: EventChannel<HealthEvent['type']>;
  readonly #monitor: HealthMonitor;
  readonly #log = new CheckLog();
  #isEnabled = false;

  constructor(options: HealthChecksOptions) {
    const { feed } = options;
    this.#options = options;
    this.#channel = new EventChannel(feed, ['targetHealthy', 'targetUnhealthy', 'weightsUpdated']);
    this.#monitor = new HealthMonitor({
      clock: checkClock(),
      onChecked: (target, before) => this.#onChecked(target, before),
    });
  }

  /** Whether checks go out. */
  get isRunning(): boolean {
    return this.#monitor.isRunning;
  }

  /**
   * Lets checks go out again after {@link stop}.
   * @throws SluiceError `conflict` when the configuration has no health checks
   */
  start(): void {
    this.#mustBeEnabled();
    this.#monitor.start();
  }

  /** Ends running checks and begins no others; targets keep the health and the weights that they have. */
  stop(): void {
    this.#monitor.stop();
  }

  /** The health of all proxies. */
  status(): HealthReport {
    const proxies = this.#options.desired().proxies.map((proxy) => proxyHealthReport(this.#monitor, proxy));
    return { enabled: this.#isEnabled, running: this.isRunning, proxies };
  }

  /** The health of one proxy. @throws SluiceError `not_found` */
  statusOf(proxy: string): ProxyHealthReport {
    const { proxies } = this.#options.desired();
    const found = proxies.find(({ name }) => name === proxy);
    if (found !== undefined) return proxyHealthReport(this.#monitor, found);
    throw noSuchProxy(proxy, proxies);
  }

  /** Whether a target gets connections as far as its health goes. @throws SluiceError `not_found` */
  isHealthy(proxy: string, target: string): boolean {
    const { targets } = this.statusOf(proxy);
    const found = targets.filter((each) => each.target === target);
    if (found.length === 0) throw noSuchTarget(proxy, target, namesOf(targets));
    return found.every(({ status }) => status !== 'unhealthy');
  }

  /** Whether no target of a proxy is unhealthy. @throws SluiceError `not_found` */
  allHealthy(proxy: string): boolean {
    return this.statusOf(proxy).allHealthy;
  }

  /** The targets of a proxy that are unhealthy. @throws SluiceError `not_found` */
  unhealthyTargets(proxy: string): readonly string[] {
    const unhealthy = this.statusOf(proxy).targets.filter(({ status }) => status === 'unhealthy');
    return [...new Set(unhealthy.map(({ target }) => target))];
  }

  /** What became of the checks of each target since the balancer has started, and how long they took. */
  totals(): readonly CheckTotals[] {
    const checked = this.#monitor.targets.filter(({ isChecked }) => isChecked);
    return this.#log.totals(checked.map(({ spec }) => spec));
  }

  /** Calls `listener` on every event until the returned function is called. */
  subscribe(listener: (event: HealthEvent) => void): () => void {
    return this.#channel.subscribe(listener);
  }

  /** Every event from now on, until the signal aborts; a reader that is 1,000 events behind loses the oldest. */
  events(signal?: AbortSignal): AsyncIterable<HealthEvent> {
    return this.#channel.events(signal);
  }

  /**
   * Checks a target at once, beside the schedule; counts like any other check.
   * @throws SluiceError `not_found`; `conflict` when it is not checked at all, or checks stop meanwhile
   */
  async forceCheck(proxy: string, target: string): Promise<CheckReport> {
    this.#mustBeEnabled();
    const checked = this.#find(proxy, target).filter((each) => each.isChecked);
    if (checked.length === 0)
      throw new SluiceError('conflict', `${target} of ${proxy} has no check (type none)`);
    if (!this.isRunning) throw new SluiceError('conflict', 'health checks are stopped');
    const outcomes = await Promise.all(checked.map((each) => each.now()));
    const outcome = outcomes.find((each) => each?.success === false) ?? outcomes[0];
    if (!outcome) throw new SluiceError('conflict', 'health checks were stopped before the check ended');
    const { success, latencyMs, message } = outcome;
    return { success, latencyMs, reason: outcome.success ? null : outcome.reason, message };
  }

  /**
   * Sets the status of a target by hand: it stands above what checks find until `auto` gives it back to them. It lasts
   * while the target is in the configuration, and ends with the daemon.
   * @throws SluiceError `not_found`; `conflict` when the configuration has no health checks
   */
  setTargetStatus(proxy: string, target: string, status: StatusToSet): void {
    this.#mustBeEnabled();
    const before = this.#find(proxy, target).map((each) => ({ each, was: this.#monitor.factorOf(each) }));
    this.#monitor.setManualStatus(proxy, target, status === 'auto' ? null : status);
    this.#options.logger.info({ proxy, target, status }, 'the health of a target was set by hand');
    for (const { each, was } of before) this.#announce(each, was);
    this.#options.onFactors('soon');
  }

  /** Whether {@link noteAttempts} wants to be told. */
  get isPassive(): boolean {
    return this.#monitor.isPassive;
  }

  /** Takes what became of attempts to connect since the last time; targets that fail are taken out at once. */
  noteAttempts(growth: readonly AttemptGrowth[]): void {
    for (const { proxy, target, ...attempts } of growth) this.#monitor.noteAttempts(proxy, target, attempts);
  }

  /** What health leaves of weights under a configuration. */
  factorUnder(config: Config): (proxy: ProxyConfig, target: TargetConfig) => Factor {
    if (!config.settings.healthCheckEnabled) return () => CHECKS_OFF;
    return (proxy, { ip = '', port, healthCheck }) =>
      this.#monitor.factor(proxy.name, { ip, port }, healthCheck ?? proxy.healthCheck);
  }

  /**
   * Checks the targets of this configuration from now on. What is known of a target stays known.
   * @returns whether the weights are to be worked out anew, see {@link HealthMonitor.watch}
   */
  configure(config: Config, certificates: Certificates, assumed?: (spec: CheckSpec) => CheckRecord): boolean {
    const wasEnabled = this.#isEnabled;
    this.#isEnabled = config.settings.healthCheckEnabled;
    const isOther = this.#monitor.watch(checkSpecs(config), certificates, assumed);
    if (!this.#isEnabled) this.#monitor.stop();
    else if (!wasEnabled) this.#monitor.start();
    return isOther;
  }

  /** Tells of the weights that have changed from what was in force before. */
  announceWeights(before: DesiredState): void {
    for (const { proxy, pool } of changedPools(before, this.#options.desired())) {
      const weights = poolWeights(pool);
      this.#options.logger.info({ proxy, ...weights }, 'weights changed');
      this.#channel.emit({ type: 'weightsUpdated', proxy, ...weights });
    }
  }

  #onChecked(target: TargetHealth, before: CheckRecord): void {
    const { proxy, target: name } = target.spec;
    const { last } = target.record;
    if (last !== null && last !== before.last) this.#log.note(target.spec, last);
    const isLocal = (record: CheckRecord) =>
      record.last?.success === false && record.last.reason === 'local_error';
    if (isLocal(target.record) && !isLocal(before)) {
      this.#options.logger.warn({ proxy, target: name, reason: last?.message }, 'a target cannot be checked');
    }
    if (target.record.state === before.state) return;
    const was = this.#monitor.factorOf(target, before);
    if (was.value === this.#monitor.factorOf(target).value) return;
    this.#announce(target, was);
    const { state } = target.record;
    this.#options.onFactors(state.status === 'unhealthy' && state.byClients ? 'now' : 'soon');
  }

  #announce(target: TargetHealth, was: { readonly value: number }): void {
    const { value, reason } = this.#monitor.factorOf(target);
    const event = { proxy: target.spec.proxy, target: target.spec.target, reason };
    if (was.value > 0 && value === 0) {
      this.#options.logger.warn(event, 'a target is unhealthy');
      this.#channel.emit({ type: 'targetUnhealthy', ...event });
    } else if (was.value === 0 && value > 0) {
      this.#options.logger.info(event, 'a target is healthy again');
      this.#channel.emit({ type: 'targetHealthy', ...event });
    }
  }

  #find(proxy: string, target: string): readonly TargetHealth[] {
    const found = this.#monitor.find(proxy, target);
    if (found.length > 0) return found;
    throw noSuchTarget(proxy, target, namesOf(this.statusOf(proxy).targets));
  }

  #mustBeEnabled(): void {
    if (this.#isEnabled) return;
    throw new SluiceError('conflict', 'health checks are off', {
      fix: 'set settings.healthCheckEnabled to true, and reload',
    });
  }
}

function namesOf(targets: readonly TargetHealthReport[]): readonly string[] {
  return targets.map(({ target }) => target);
}
