import { setTimeout as sleep } from 'node:timers/promises';
import { type Logger, pino } from 'pino';
import { systemClock } from '../clock/index.ts';
import { type Config, type ConfigWarning, configHash, type LoadedConfig } from '../config/index.ts';
import { Datapath, translateErrorsOf } from '../datapath/index.ts';
import { type DnsEvent, DnsWatcher, type DnsWishes, systemLookUp } from '../dns/index.ts';
import { takeBack } from '../errors/index.ts';
import { ipLocalPortRange, watchHost } from '../host/index.ts';
import {
  type ConnectionFilter,
  type ConnectionsReport,
  type DnsReport,
  packageVersion,
  type StatsReport,
  type StatusReport,
} from '../report/index.ts';
import { buildDesired } from './build-desired.ts';
import { listConnections } from './connections.ts';
import { dnsReport, nameWarnings } from './dns-report.ts';
import { expandHosts, hostNames } from './expand-hosts.ts';
import { type HostView, readHost } from './host-view.ts';
import { InstanceLock } from './instance-lock.ts';
import { KernelSide } from './kernel-side.ts';
import { proxyReports, statsReport } from './reports.ts';
import { mustBeServable } from './servable.ts';
import { snatPorts } from './snat-ports.ts';
import { Sweeper } from './sweeper.ts';
import { targetAddresses } from './target-addresses.ts';

/** What a balancer is started with. */
export interface StartOptions {
  readonly loaded: LoadedConfig;
  /** Name of the instance: of its lock and of its folder in bpffs. */
  readonly instance: string;
  /** Where warnings and events go; default nowhere. */
  readonly logger?: Logger | undefined;
}

const SWEEP_INTERVAL_MS = 1000;
/** First pause before a change that failed is tried again, doubled each time up to the longest. */
const MEND_MS = 1000;
const LONGEST_MEND_MS = 60_000;

/**
 * A running balancer: applies configurations, follows the host, sweeps the flow table, reports. The packets do not
 * need it: they are moved by what it left in the kernel, also after its end.
 */
export class LoadBalancer {
  readonly #instance: string;
  readonly #logger: Logger;
  readonly #lock: InstanceLock;
  readonly #kernel: KernelSide;
  readonly #sweeper: Sweeper;
  readonly #names: DnsWatcher;
  readonly #startedAt = new Date();
  readonly #stop = new AbortController();
  #applied: LoadedConfig;
  #hostWarnings: readonly string[] = [];
  #turn: Promise<unknown> = Promise.resolve();
  #loops: Promise<unknown> = Promise.resolve();
  #ended = false;

  private constructor(options: StartOptions, names: DnsWatcher, lock: InstanceLock, kernel: KernelSide) {
    this.#instance = options.instance;
    this.#logger = options.logger ?? pino({ level: 'silent' });
    this.#names = names;
    this.#lock = lock;
    this.#kernel = kernel;
    this.#sweeper = new Sweeper(kernel.datapath);
    this.#applied = options.loaded;
  }

  /**
   * Adopts what the instance has in the kernel, or makes it, and brings it to the configuration. On an error nothing
   * is left that was not there before.
   * @throws SluiceError `conflict`, `not_found`, `permission`, `unsupported`, `capacity`, `kernel`, and `unreachable` when
   * names of targets cannot be resolved
   */
  static async start(options: StartOptions): Promise<LoadBalancer> {
    const names = new DnsWatcher({ lookUp: systemLookUp, clock: systemClock });
    try {
      await (await names.prepare(dnsWishes(options.loaded.config))).commit();
      return await LoadBalancer.#startWith(names, options);
    } catch (error) {
      await names.close();
      throw error;
    }
  }

  static async #startWith(names: DnsWatcher, options: StartOptions): Promise<LoadBalancer> {
    const { instance, loaded } = options;
    const config = expandHosts(loaded.config, names.endpoints);
    const host = await readServableHost(config, loaded);
    const lock = InstanceLock.take(instance);
    try {
      const ports = snatPorts(await ipLocalPortRange());
      return await translateErrorsOf(`starting instance ${instance}`, async () => {
        const datapath = Datapath.open({
          instance,
          maxFlows: config.settings.maxConnections,
          snatPorts: ports,
          ifindexes: indexesOf(host),
        });
        return await LoadBalancer.#startOn(datapath, options, names, lock, host);
      });
    } catch (error) {
      throw takeBack(error, [{ where: 'lock', work: () => lock.close() }]);
    }
  }

  static async #startOn(
    datapath: Datapath,
    options: StartOptions,
    names: DnsWatcher,
    lock: InstanceLock,
    host: HostView,
  ): Promise<LoadBalancer> {
    try {
      const balancer = new LoadBalancer(options, names, lock, await KernelSide.open(datapath));
      balancer.#converge(options.loaded.config, host);
      names.subscribe((event) => balancer.#onDnsEvent(event));
      if (datapath.adopted) balancer.#logAdopted();
      balancer.#loops = Promise.all([balancer.#sweepLoop(), balancer.#hostLoop(), balancer.#mendLoop()]);
      return balancer;
    } catch (error) {
      const leave = () => (datapath.adopted ? datapath.close() : datapath.destroy(indexesOf(host)));
      throw takeBack(error, [{ where: `instance ${options.instance}`, work: leave }]);
    }
  }

  /**
   * Brings the data path to another configuration without touching open flows.
   * @throws SluiceError; the configuration that was in force stays
   */
  async apply(loaded: LoadedConfig): Promise<void> {
    await this.#inTurn(async () => {
      const names = await this.#names.prepare(dnsWishes(loaded.config));
      try {
        const config = expandHosts(loaded.config, this.#names.endpoints);
        this.#converge(loaded.config, await readServableHost(config, loaded));
      } catch (error) {
        await names.rollback();
        throw error;
      }
      this.#applied = loaded;
      await names.commit();
    });
  }

  /** @throws SluiceError of the kernel, as the other reports */
  status(): Promise<StatusReport> {
    return translateErrorsOf('reading the status', () => this.#status());
  }

  async #status(): Promise<StatusReport> {
    const { active, pending } = await this.#sweeper.sweep(this.#applied.config.settings);
    const metadata = this.#kernel.datapath.tables.metadata();
    return {
      version: packageVersion(),
      instance: this.#instance,
      pid: process.pid,
      startedAt: this.#startedAt.toISOString(),
      generation: Number(metadata.generation),
      configHash: Buffer.from(metadata.configHash).toString('hex'),
      configFile: this.#applied.file,
      interfaces: this.#kernel.interfaceReports(),
      proxies: proxyReports(this.#kernel),
      flows: { active, pending, max: this.#kernel.datapath.maxFlows },
      warnings: [
        ...this.#applied.warnings.map(warningText),
        ...this.#hostWarnings,
        ...this.#sizeWarnings(),
        ...nameWarnings(this.#names.status()),
      ],
    };
  }

  connections(filter: ConnectionFilter): Promise<ConnectionsReport> {
    const { datapath, state } = this.#kernel;
    return translateErrorsOf('listing the flows', () => listConnections(datapath, state, filter));
  }

  stats(): Promise<StatsReport> {
    return translateErrorsOf('reading the counters', async () => {
      const { active, pending } = await this.#sweeper.sweep(this.#applied.config.settings);
      return statsReport(this.#kernel, active + pending);
    });
  }

  /** What the names of targets stand for. */
  async dns(): Promise<DnsReport> {
    return dnsReport(this.#applied.config, this.#names.status());
  }

  /** Resolves a name of targets now. @throws SluiceError `not_found` when no target has it */
  async resolveHost(hostname: string): Promise<DnsReport> {
    const status = await this.#names.resolveNow(hostname);
    await this.#turn;
    return dnsReport(this.#applied.config, [status]);
  }

  /** Takes everything out of the kernel; connections of this instance end. When it fails it may be called again. */
  async detach(): Promise<void> {
    await this.#stopLoops();
    const host = await readHost([]);
    if (this.#ended) return;
    await translateErrorsOf('detaching', async () => this.#kernel.datapath.destroy(indexesOf(host)));
    this.#end();
  }

  /** Ends the daemon's side; the kernel goes on balancing. */
  async close(): Promise<void> {
    await this.#stopLoops();
    if (!this.#ended) this.#end();
  }

  #end(): void {
    this.#ended = true;
    this.#kernel.datapath.close();
    this.#lock.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #logAdopted(): void {
    const instance = this.#instance;
    this.#logger.info({ instance }, 'adopted what an earlier daemon left in the kernel');
  }

  #converge(config: Config, host: HostView): void {
    const { desired, warnings } = buildDesired(expandHosts(config, this.#names.endpoints), host);
    const hash = Buffer.from(configHash(config), 'hex');
    const attachWarnings = this.#kernel.converge(desired, host, hash);
    this.#noteWarnings([...warnings, ...attachWarnings]);
  }

  #noteWarnings(warnings: readonly string[]): void {
    for (const warning of warnings) {
      if (!this.#hostWarnings.includes(warning)) this.#logger.warn(warning);
    }
    this.#hostWarnings = warnings;
  }

  #sizeWarnings(): string[] {
    const has = this.#kernel.datapath.maxFlows;
    const wants = this.#applied.config.settings.maxConnections;
    if (has === wants) return [];
    return [
      `maxConnections is ${wants}, but the table in the kernel was made for ${has}: detach and start to resize`,
    ];
  }

  /** Changes come one after another. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  async #sweepLoop(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      await sleep(SWEEP_INTERVAL_MS, undefined, { signal }).catch(() => {});
      if (!signal.aborted)
        await this.#guard('sweeping the flow table', () =>
          this.#sweeper.sweep(this.#applied.config.settings),
        );
    }
  }

  /** Addresses, routes and interfaces change under a running balancer: the configuration is resolved anew. */
  async #hostLoop(): Promise<void> {
    await this.#guard('watching the host', () =>
      watchHost({
        signal: this.#stop.signal,
        onChange: () => this.#guard('following a change of the host', () => this.#follow()),
      }),
    );
  }

  /** What went wrong is tried again, ever more rarely, until the kernel is as the configuration says. */
  async #mendLoop(): Promise<void> {
    const { signal } = this.#stop;
    let pauseMs = MEND_MS;
    while (!signal.aborted) {
      await sleep(pauseMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      if (this.#kernel.unfinished) await this.#guard('mending what failed before', () => this.#follow());
      pauseMs = this.#kernel.unfinished ? Math.min(pauseMs * 2, LONGEST_MEND_MS) : MEND_MS;
    }
  }

  /** Names, addresses or routes have changed: brings the kernel to what the configuration means now. */
  #follow(): Promise<void> {
    return this.#inTurn(async () => {
      const { proxies } = expandHosts(this.#applied.config, this.#names.endpoints);
      this.#converge(this.#applied.config, await readHost(targetAddresses(proxies)));
    });
  }

  #onDnsEvent(event: DnsEvent): void {
    if (event.type === 'dnsFailed') {
      this.#logger.warn(event, 'a name was not resolved; its last addresses stand');
    } else if (event.changed) {
      this.#logger.info(event, 'a name was resolved to other targets');
      void this.#guard('following a change of names', () => this.#follow());
    }
  }

  async #guard(doing: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#logger.error({ err: error }, `${doing} failed`);
    }
  }

  async #stopLoops(): Promise<void> {
    this.#stop.abort();
    await this.#names.close();
    await this.#loops;
    await this.#turn;
  }
}

/** Reads the host, and checks that it can serve the configuration. @throws SluiceError of {@link mustBeServable} */
async function readServableHost(config: Config, { interfaces }: LoadedConfig): Promise<HostView> {
  const host = await readHost(targetAddresses(config.proxies));
  mustBeServable(config, interfaces, host);
  return host;
}

function dnsWishes(config: Config): DnsWishes {
  return { names: hostNames(config), servers: config.settings.dnsServers };
}

function indexesOf(host: HostView): number[] {
  return host.interfaces.map(({ index }) => index);
}

function warningText({ where, message }: ConfigWarning): string {
  return `${where}: ${message}`;
}
