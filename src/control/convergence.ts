import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { type Config, ConfigHashes, type LoadedConfig } from '../config/index.ts';
import type { DnsEvent, DnsWatcher } from '../dns/index.ts';
import type { EventFeed } from '../events/index.ts';
import { watchHost } from '../host/index.ts';
import type { TargetName } from '../report/index.ts';
import { buildDesired, type FactorsOf } from './build-desired.ts';
import { CircuitBreakers } from './circuit-breakers.ts';
import { countFlows, openConnections } from './count-flows.ts';
import { proxiesOf } from './dns-report.ts';
import { expandHosts } from './expand-hosts.ts';
import { guarded } from './guarded.ts';
import { HealthChecks } from './health-checks.ts';
import { readHost } from './host-view.ts';
import { inheritedHealth, withoutShare } from './inherited-health.ts';
import type { KernelSide } from './kernel-side.ts';
import { LoadWatch } from './load-watch.ts';
import type { Step } from './plan.ts';
import { repeat } from './repeat.ts';
import { dnsWishes, readSurroundings, type Surroundings } from './surroundings.ts';
import type { Sweeper } from './sweeper.ts';
import { targetAddresses } from './target-addresses.ts';
import { TargetStates } from './target-states.ts';

/** What a convergence is made of. */
export interface ConvergenceParts {
  readonly loaded: LoadedConfig;
  readonly logger: Logger;
  readonly kernel: KernelSide;
  /** Knows the names of the configuration already. */
  readonly names: DnsWatcher;
  readonly surroundings: Surroundings;
  readonly sweeper: Sweeper;
  /** File that keeps what operators want of targets. */
  readonly statesPath: string;
  /** Is told what happens. */
  readonly feed: EventFeed;
}

/** Makes the configuration that comes next of the one in force. */
export type NextConfig = (applied: LoadedConfig) => LoadedConfig | Promise<LoadedConfig>;

/** What was in force, and what is. */
export interface ConfigTransition {
  readonly before: LoadedConfig;
  readonly after: LoadedConfig;
}

/** What a change would lead to, and the writes to the kernel's tables. */
export interface ConfigPreview extends ConfigTransition {
  readonly steps: readonly Step[];
}

/** When a rack fails its targets do so within moments of each other. */
const REWEIGH_DELAY_MS = 50;
/** First pause before a change that failed is tried again, doubled each time up to the longest. */
const MEND_MS = 1000;
const LONGEST_MEND_MS = 60_000;

/**
 * Keeps the kernel as the configuration means it, while the configuration, the names of targets, their health and the
 * host change. Every change passes through here, one after another.
 */
export class Convergence {
  readonly #logger: Logger;
  readonly #kernel: KernelSide;
  readonly #names: DnsWatcher;
  readonly #feed: EventFeed;
  /** Which targets are checked, what is known of them, and their events. */
  readonly healthChecks: HealthChecks;
  /** Which targets get no connections because too many of theirs failed. */
  readonly circuitBreakers: CircuitBreakers;
  /** What operators want of targets. */
  readonly targetStates: TargetStates;
  /** Hashes of the configurations that were in force, or nearly. */
  readonly hashes = new ConfigHashes();
  readonly #loads = new LoadWatch();
  readonly #countFlows: (targets: readonly TargetName[]) => Promise<readonly number[]>;
  #applied: LoadedConfig;
  #surroundings: Surroundings;
  #warnings: readonly string[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #isReweighing = false;
  #isStopped = false;

  constructor(parts: ConvergenceParts) {
    const { loaded, logger, kernel, names, surroundings, sweeper, feed } = parts;
    const settings = () => this.#applied.config.settings;
    const desired = () => kernel.desired;
    this.#logger = logger;
    this.#kernel = kernel;
    this.#names = names;
    this.#applied = loaded;
    this.#surroundings = surroundings;
    this.#feed = feed;
    this.#countFlows = (targets) => countFlows(kernel, sweeper, settings(), targets);
    this.healthChecks = new HealthChecks({
      logger,
      feed,
      desired,
      onFactors: (urgency) => this.#reweighSoon(urgency),
    });
    this.circuitBreakers = new CircuitBreakers({
      logger,
      feed,
      desired,
      onFactors: (urgency) => this.#reweighSoon(urgency),
    });
    this.targetStates = new TargetStates({
      logger,
      settings,
      desired,
      countFlows: this.#countFlows,
      onChanged: () => this.#restate(),
      onEvent: (event) => feed.emit(event),
      path: parts.statesPath,
    });
  }

  /** The configuration in force. */
  get applied(): LoadedConfig {
    return this.#applied;
  }

  /** What of the configuration this host could not honour last time. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  /** Resolves when the changes that were asked for until now are in the kernel. */
  async settled(): Promise<void> {
    await this.#turn;
  }

  /** Brings the kernel to the configuration for the first time. @throws SluiceError; then {@link stop} it */
  async begin(): Promise<void> {
    const { config } = this.#applied;
    const { state } = this.#kernel;
    const expanded = this.#expand(config);
    this.healthChecks.configure(expanded, this.#surroundings.certificates, inheritedHealth(state));
    const wasOut = withoutShare(state);
    // Who is drained had no share either, and that says nothing of his connections.
    this.circuitBreakers.configure(expanded, (of) => wasOut(of) && this.targetStates.isReady(of));
    await guarded(this.#logger, 'counting open connections', () => this.#takeOverLoads(expanded));
    this.#converge(config, this.#surroundings);
    this.#names.subscribe((event) => this.#onDnsEvent(event));
    this.#announceApplied();
  }

  /** Follows the host and the open connections, and mends what failed, until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#hostLoop(signal), this.#mendLoop(signal), this.#loadLoop(signal)]);
  }

  /** Brings the kernel to another configuration. @throws SluiceError; the one that was in force stays */
  async apply(loaded: LoadedConfig): Promise<void> {
    await this.update(() => loaded);
  }

  /**
   * Brings the kernel to what `next` makes of the configuration in force, which stays in force until then.
   * @throws what `next` throws, and SluiceError; the configuration that was in force stays
   */
  update(next: NextConfig): Promise<ConfigTransition> {
    return this.#inTurn(async () => {
      const before = this.#applied;
      const after = await next(before);
      const names = await this.#names.prepare(dnsWishes(after.config));
      try {
        const surroundings = await readSurroundings(this.#expand(after.config), after);
        this.#converge(after.config, surroundings);
      } catch (error) {
        await names.rollback();
        throw error;
      }
      this.#applied = after;
      this.#announceApplied();
      this.targetStates.forgetOthers();
      await names.commit();
      return { before, after };
    });
  }

  /** What {@link update} would do: checks all that it would, and changes nothing. @throws as {@link update} */
  preview(next: NextConfig): Promise<ConfigPreview> {
    return this.#inTurn(async () => {
      const before = this.#applied;
      const after = await next(before);
      const names = await this.#names.prepare(dnsWishes(after.config));
      try {
        const expanded = this.#expand(after.config);
        const { host } = await readSurroundings(expanded, after);
        const { desired } = buildDesired(expanded, host, this.#factorsUnder(expanded));
        return { before, after, steps: this.#kernel.preview(desired) };
      } finally {
        await names.rollback();
      }
    });
  }

  /** Changes nothing more once this resolves. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.healthChecks.stop();
    this.circuitBreakers.stop();
    await this.targetStates.close();
    await this.#turn;
  }

  #expand(config: Config): Config {
    return this.targetStates.withoutMaintained(expandHosts(config, this.#names.endpoints));
  }

  #converge(config: Config, surroundings: Surroundings): void {
    const expanded = this.#expand(config);
    this.#write(expanded, surroundings, Buffer.from(this.hashes.of(config), 'hex'));
    const isOtherHealth = this.healthChecks.configure(expanded, surroundings.certificates);
    const isOtherCircuit = this.circuitBreakers.configure(expanded);
    // A target that is new here, or is checked otherwise, may have another factor now than it was written with.
    if (isOtherHealth || isOtherCircuit) this.#reweighSoon();
    this.#surroundings = surroundings;
  }

  #write(expanded: Config, { host }: Surroundings, hash: Buffer | null): void {
    const before = this.#kernel.desired;
    const { desired, warnings } = buildDesired(expanded, host, this.#factorsUnder(expanded));
    const attachWarnings = this.#kernel.converge(desired, host, hash);
    this.#noteWarnings([...warnings, ...attachWarnings]);
    this.healthChecks.announceWeights(before);
  }

  #factorsUnder(expanded: Config): FactorsOf {
    const healthOf = this.healthChecks.factorUnder(expanded);
    return (proxy, target, pool) => ({
      health: healthOf(proxy, target),
      drain: this.targetStates.factor(proxy, target),
      circuit: this.circuitBreakers.factor(proxy, target),
      load: this.#loads.factor(proxy, target, pool),
    });
  }

  #noteWarnings(warnings: readonly string[]): void {
    for (const warning of warnings) {
      if (!this.#warnings.includes(warning)) this.#logger.warn(warning);
    }
    this.#warnings = warnings;
  }

  /** Changes come one after another. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  /** Names, addresses or routes have changed: brings the kernel to what the configuration means now. */
  #follow(): Promise<void> {
    return this.#inTurn(async () => {
      const { config } = this.#applied;
      const host = await readHost(targetAddresses(this.#expand(config).proxies));
      this.#converge(config, { ...this.#surroundings, host });
    });
  }

  /** What operators want of targets has changed: new weights, and perhaps other checks. */
  #restate(): Promise<void> {
    return this.#inTurn(async () => {
      const expanded = this.#expand(this.#applied.config);
      this.#write(expanded, this.#surroundings, null);
      this.healthChecks.configure(expanded, this.#surroundings.certificates);
    });
  }

  /** Works out the weights anew; changes that come together make one plan. Connections that fail cannot wait for others. */
  #reweighSoon(urgency: 'soon' | 'now' = 'soon'): void {
    if (this.#isReweighing || this.#isStopped) return;
    this.#isReweighing = true;
    const reweigh = async () => {
      await sleep(urgency === 'now' ? 0 : REWEIGH_DELAY_MS);
      this.#isReweighing = false;
      if (!this.#isStopped) this.#write(this.#expand(this.#applied.config), this.#surroundings, null);
    };
    void guarded(this.#logger, 'working out weights', () => this.#inTurn(reweigh));
  }

  /** Addresses, routes and interfaces change under a running balancer: the configuration is resolved anew. */
  async #hostLoop(signal: AbortSignal): Promise<void> {
    const follow = () => this.#follow();
    const onChange = () => guarded(this.#logger, 'following a change of the host', follow);
    await guarded(this.#logger, 'watching the host', () => watchHost({ signal, onChange }));
  }

  /** Where connections choose by open connections, weights follow these. */
  #loadLoop(signal: AbortSignal): Promise<void> {
    const intervalMs = () => this.#applied.config.settings.loadBalancing.updateIntervalMs;
    return repeat(signal, intervalMs(), async () => {
      await guarded(this.#logger, 'following open connections', () => this.#followLoads());
      return intervalMs();
    });
  }

  async #followLoads(): Promise<void> {
    const { desired } = this.#kernel;
    const openOf = await openConnections(this.#loads.targets(desired), this.#countFlows);
    const { weighted } = this.#applied.config.settings.loadBalancing;
    if (openOf !== null && this.#loads.update(desired, openOf, weighted)) this.#reweighSoon('now');
  }

  /** A daemon before this one, or the kernel alone, may have left open connections. */
  async #takeOverLoads(expanded: Config): Promise<void> {
    const { desired } = buildDesired(expanded, this.#surroundings.host, this.#factorsUnder(expanded));
    const openOf = await openConnections(this.#loads.targets(desired), this.#countFlows);
    if (openOf !== null) this.#loads.takeOver(desired, openOf, expanded.settings.loadBalancing.weighted);
  }

  /** What went wrong is tried again, ever more rarely, until the kernel is as the configuration says. */
  #mendLoop(signal: AbortSignal): Promise<void> {
    let pauseMs = MEND_MS;
    return repeat(signal, pauseMs, async () => {
      const { unfinished } = this.#kernel;
      if (unfinished) await guarded(this.#logger, 'mending what failed before', () => this.#follow());
      pauseMs = this.#kernel.unfinished ? Math.min(pauseMs * 2, LONGEST_MEND_MS) : MEND_MS;
      return pauseMs;
    });
  }

  #announceApplied(): void {
    this.#feed.emit({ type: 'configurationApplied', ...this.#kernel.applied });
  }

  #onDnsEvent(event: DnsEvent): void {
    this.#feed.emit({ ...event, proxies: proxiesOf(this.#applied.config, event.hostname) });
    if (event.type === 'dnsFailed') {
      this.#logger.warn(event, 'a name was not resolved; its last addresses stand');
    } else if (event.changed) {
      this.#logger.info(event, 'a name was resolved to other targets');
      void guarded(this.#logger, 'following a change of names', () => this.#follow());
    }
  }
}
