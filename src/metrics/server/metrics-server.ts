import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { formatEndpoint, type MetricsConfig } from '../../config/index.ts';
import { closeHttpServer, createBoundedServer, listenOnTcp } from '../../http/index.ts';
import { answer } from './answer.ts';

/** How to serve metrics. */
export interface MetricsServerOptions {
  /** Collects all metrics, in Prometheus' text format. */
  readonly collect: () => Promise<string>;
  /** Is told about metrics that could not be read; default: nobody. */
  readonly onFault?: ((error: unknown) => void) | undefined;
}

/** Where metrics are served. */
export interface MetricsStatus {
  readonly running: boolean;
  readonly address: string;
  readonly port: number;
  readonly path: string;
  /** Null when they are not served. */
  readonly url: string | null;
}

/** Where to serve metrics; what is not said is as in the settings. */
export type MetricsPlace = Partial<Omit<MetricsConfig, 'enabled'>>;

interface Served {
  readonly server: Server;
  readonly config: MetricsConfig;
}

/**
 * An HTTP server for metrics alone: not running, or running somewhere. Settings bring it there whenever they change; by hand it
 * can be started and stopped in between. Changes come one after another.
 */
export class MetricsServer implements AsyncDisposable {
  readonly #options: MetricsServerOptions;
  #settings: MetricsConfig | null = null;
  #served: Served | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: MetricsServerOptions) {
    this.#options = options;
  }

  /** Whether it answers. */
  get isRunning(): boolean {
    return this.#served !== null;
  }

  /** Where metrics are served, or would be. @throws Error before {@link apply} */
  status(): MetricsStatus {
    const { address, port, path } = this.#served?.config ?? this.#known();
    const url = this.isRunning ? `http://${formatEndpoint({ ip: address, port })}${path}` : null;
    return { running: this.isRunning, address, port, path, url };
  }

  /** Collects all metrics, in Prometheus' text format. @throws SluiceError of the kernel */
  collect(): Promise<string> {
    return this.#options.collect();
  }

  /**
   * Serves metrics, also when the settings do not ask for it; moves when it is running somewhere else.
   * @throws SluiceError `conflict` when the port is taken, `not_found` when the host has no such address; then what was stays,
   *   unless it had that port itself
   */
  start(place: MetricsPlace = {}): Promise<void> {
    return this.#inTurn(() => this.#move({ ...this.#known(), ...place, enabled: true }));
  }

  /** Ends it, until {@link start} or other settings; answers under way get two seconds. */
  stop(): Promise<void> {
    return this.#inTurn(() => this.#close());
  }

  /** Brings the server to these settings, if they are others than the last. @throws SluiceError as {@link start} */
  apply(settings: MetricsConfig): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#settings !== null && isSame(settings, this.#settings)) return;
      await (settings.enabled ? this.#move(settings) : this.#close());
      this.#settings = settings;
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  #known(): MetricsConfig {
    if (this.#settings !== null) return this.#settings;
    throw new Error('the settings of the metrics are not known yet');
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  async #move(config: MetricsConfig): Promise<void> {
    const before = this.#served;
    if (before !== null && isSame(config, before.config)) return;
    if (before?.config.port === config.port) await this.#close();
    const { path, address, port } = config;
    const server = createBoundedServer((request, response) => this.#answer(request, response, path));
    await listenOnTcp(server, { address, port, what: 'the metrics server', settings: 'settings.metrics' });
    server.on('error', (error) => this.#options.onFault?.(error));
    await this.#close();
    this.#served = { server, config };
  }

  #answer(request: IncomingMessage, response: ServerResponse, path: string): void {
    answer(request, response, { path, collect: this.#options.collect }).catch((error: unknown) =>
      this.#options.onFault?.(error),
    );
  }

  async #close(): Promise<void> {
    const served = this.#served;
    this.#served = null;
    if (served !== null) await closeHttpServer(served.server);
  }
}

function isSame(a: MetricsConfig, b: MetricsConfig): boolean {
  return a.enabled === b.enabled && a.address === b.address && a.port === b.port && a.path === b.path;
}
