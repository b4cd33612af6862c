import type { Logger } from 'pino';
import { AdminServer, followAdminApi, TcpAdmin } from '../admin/index.ts';
import type { LoadBalancer } from '../control/index.ts';
import { followMetrics, MetricsServer } from '../metrics/index.ts';

/** How to serve the admin API of a balancer in this process. */
export interface ApiSideOptions {
  readonly logger: Logger;
  /** Path of the unix socket; null for none. */
  readonly socketPath: string | null;
}

interface ApiSideParts {
  readonly server: AdminServer | null;
  readonly tcp: TcpAdmin;
  readonly metrics: MetricsServer;
  readonly following: readonly AsyncDisposable[];
}

/**
 * What is served beside a balancer: the admin API, on a socket when that is wanted and on TCP as `settings.adminApi` says, and
 * metrics as `settings.metrics` says.
 */
export class ApiSide implements AsyncDisposable {
  readonly #parts: ApiSideParts;

  private constructor(parts: ApiSideParts) {
    this.#parts = parts;
  }

  /** The metrics server. */
  get metrics(): MetricsServer {
    return this.#parts.metrics;
  }

  /** @throws SluiceError when a socket or port is taken, or a file of secrets cannot be used; then nothing is served */
  static async start(view: LoadBalancer, { logger, socketPath }: ApiSideOptions): Promise<ApiSide> {
    const onFault = (err: unknown) => logger.error({ err }, 'the admin API failed');
    const onMetricsFault = (err: unknown) => logger.error({ err }, 'the metrics server failed');
    const server = socketPath === null ? null : await AdminServer.start({ view, socketPath, onFault });
    const tcp = new TcpAdmin({ view, onFault });
    const metrics = new MetricsServer({ collect: () => view.collectMetrics(), onFault: onMetricsFault });
    try {
      await tcp.apply(view.configuration.settings.adminApi);
      await metrics.apply(view.configuration.settings.metrics);
      const following = [followAdminApi(tcp, view, onFault), followMetrics(metrics, view, onMetricsFault)];
      return new ApiSide({ server, tcp, metrics, following });
    } catch (error) {
      await tcp.close();
      await server?.close();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { server, tcp, metrics, following } = this.#parts;
    for (const each of following) await each[Symbol.asyncDispose]();
    await metrics.stop();
    await tcp.close();
    await server?.close();
  }
}
