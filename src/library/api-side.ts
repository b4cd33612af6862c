import type { Logger } from 'pino';
import { AdminServer, followAdminApi, TcpAdmin } from '../admin/index.ts';
import type { LoadBalancer } from '../control/index.ts';

/** How to serve the admin API of a balancer in this process. */
export interface ApiSideOptions {
  readonly logger: Logger;
  /** Path of the unix socket; null for none. */
  readonly socketPath: string | null;
}

/** The admin API beside a balancer: on a socket when that is wanted, and on TCP as `settings.adminApi` says. */
export class ApiSide implements AsyncDisposable {
  readonly #server: AdminServer | null;
  readonly #tcp: TcpAdmin;
  readonly #following: AsyncDisposable;

  private constructor(server: AdminServer | null, tcp: TcpAdmin, following: AsyncDisposable) {
    this.#server = server;
    this.#tcp = tcp;
    this.#following = following;
  }

  /** @throws SluiceError when a socket or port is taken, or a file of secrets cannot be used; then nothing is served */
  static async start(view: LoadBalancer, { logger, socketPath }: ApiSideOptions): Promise<ApiSide> {
    const onFault = (err: unknown) => logger.error({ err }, 'the admin API failed');
    const server = socketPath === null ? null : await AdminServer.start({ view, socketPath, onFault });
    const tcp = new TcpAdmin({ view, onFault });
    try {
      await tcp.apply(view.configuration.settings.adminApi);
      return new ApiSide(server, tcp, followAdminApi(tcp, view, onFault));
    } catch (error) {
      await server?.close();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#following[Symbol.asyncDispose]();
    await this.#tcp.close();
    await this.#server?.close();
  }
}
