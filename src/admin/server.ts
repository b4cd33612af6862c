import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { createAdminApp, type FaultListener } from './app.ts';
import { listenOnSocket } from './socket.ts';
import type { BalancerView } from './view.ts';

/** How to start the admin API. */
export interface AdminServerOptions {
  readonly view: BalancerView;
  /** Path of the unix socket. */
  readonly socketPath: string;
  /** Is told about faults of the daemon; default: nobody. */
  readonly onFault?: FaultListener;
}

const LIMITS = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 8 * 1024,
} as const;
const MAX_CONNECTIONS = 256;
/** Answers under way get this long to finish at close. */
const CLOSE_GRACE_MS = 2_000;

/** The admin API on a unix socket. Owns the socket; `close` removes it. */
export class AdminServer {
  readonly socketPath: string;
  readonly #server: Server;

  private constructor(server: Server, socketPath: string) {
    this.#server = server;
    this.socketPath = socketPath;
  }

  /**
   * Starts to serve.
   * @throws SluiceError `conflict` when a daemon already answers there, `permission` when the socket cannot be made.
   */
  static async start(options: AdminServerOptions): Promise<AdminServer> {
    const app = createAdminApp(options.view, options.onFault);
    const server = createServer(LIMITS, getRequestListener(app.fetch));
    server.maxConnections = MAX_CONNECTIONS;
    await listenOnSocket(server, options.socketPath);
    return new AdminServer(server, options.socketPath);
  }

  /** Stops to accept, lets answers under way finish for up to 2 s, and removes the socket. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    const force = setTimeout(() => this.#server.closeAllConnections(), CLOSE_GRACE_MS);
    await closed;
    clearTimeout(force);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
