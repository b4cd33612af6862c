import type { Server } from 'node:http';
import { closeHttpServer } from '../http/index.ts';
import { type AnsweredRequest, createAdminApp, type FaultListener } from './app.ts';
import { createHttpServer } from './http-server.ts';
import { listenOnSocket, removeSocketFolder } from './socket.ts';
import type { BalancerView } from './view.ts';

/** How to start the admin API. */
export interface AdminServerOptions {
  readonly view: BalancerView;
  /** Path of the unix socket. */
  readonly socketPath: string;
  /** Is told about faults of the daemon; default: nobody. */
  readonly onFault?: FaultListener;
  /** Is told about every request; default: nobody. */
  readonly onAnswer?: (request: AnsweredRequest) => void;
}

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
  static async start({ view, socketPath, onFault, onAnswer }: AdminServerOptions): Promise<AdminServer> {
    const server = createHttpServer(createAdminApp(view, { onFault, onAnswer }));
    await listenOnSocket(server, socketPath);
    return new AdminServer(server, socketPath);
  }

  /** Stops to accept, lets answers under way finish for up to 2 s, and removes the socket and the folder that it alone was in. */
  async close(): Promise<void> {
    await closeHttpServer(this.#server);
    await removeSocketFolder(this.socketPath);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
