import { createHash, randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { SluiceError } from '../../errors/index.ts';
import { closeHttpServer, listenOnTcp } from '../../http/index.ts';
import { createHttpServer } from '../http-server.ts';
import { problemResponse, problemWithStatus, toProblem } from '../problem.ts';
import { guard } from '../tcp/guard.ts';
import type { AdminClientOptions } from '../transport.ts';
import { addDashboard } from './page.ts';
import { relay } from './relay.ts';

const LOOPBACK = '127.0.0.1';
const TOKEN_BYTES = 32;
const MAX_BODY_BYTES = 64 * 1024;

/** How to serve the dashboard. */
export interface DashboardServerOptions {
  /** The daemon that it shows. */
  readonly daemon: AdminClientOptions;
  /** Port on 127.0.0.1; 0 for any that is free. */
  readonly port: number;
}

/**
 * The dashboard of a daemon for a browser on this host, which cannot open a unix socket: serves the page on 127.0.0.1 and hands
 * its requests on. A random token of its own, as long-lived as the server, keeps out other users of the host; the name that
 * a request calls it by and the page that it comes from keep out other sites.
 */
export class DashboardServer implements AsyncDisposable {
  /** Where to look, with the token. A browser sends nothing of what is after the `#`. */
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  /** Starts to serve. @throws SluiceError `conflict` when the port is taken, `permission` */
  static async start({ daemon, port }: DashboardServerOptions): Promise<DashboardServer> {
    const token = randomBytes(TOKEN_BYTES).toString('hex');
    const server = createHttpServer(createDashboardApp(daemon, token));
    await listenOnTcp(server, { address: LOOPBACK, port, what: 'the dashboard' });
    // A server that listens on TCP has such an address.
    const { port: taken } = server.address() as AddressInfo;
    return new DashboardServer(server, `http://${LOOPBACK}:${taken}/#token=${token}`);
  }

  /** Ends it at once: a browser that listens to events would not go by itself. */
  close(): Promise<void> {
    this.#server.closeAllConnections();
    return closeHttpServer(this.#server);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** The page, and behind the token all of the daemon's API. */
function createDashboardApp(daemon: AdminClientOptions, token: string): Hono {
  const hash = createHash('sha256').update(token).digest();
  const access = { token: hash, readOnlyToken: null, hosts: [], origins: [] };
  const app = new Hono();
  app.use(guard(() => access));
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }));
  addDashboard(app);
  app.all('/v1/*', (context) => relay(context, daemon));
  app.notFound(() => problemResponse(toProblem(new SluiceError('not_found', 'there is nothing here'))));
  app.onError((error) => problemResponse(toProblem(error)));
  return app;
}

function tooLarge(): Response {
  const error = new SluiceError('usage', `the body is larger than ${MAX_BODY_BYTES} bytes`);
  return problemResponse(problemWithStatus(error, 413));
}
