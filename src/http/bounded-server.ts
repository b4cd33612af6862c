import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

/** What keeps one client from holding up the others. */
const LIMITS = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 8 * 1024,
} as const satisfies ServerOptions;
const MAX_CONNECTIONS = 256;
/** A client that reads nothing of its answer for so long is cut off. */
const SILENCE_MS = 30_000;
/** Answers under way get this long to finish at close. */
const CLOSE_GRACE_MS = 2_000;

/** Certificate and key, PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** What a server may have besides what it answers. */
export interface BoundedServerOptions {
  /** Speaks TLS with these; plain HTTP without. */
  readonly tls?: TlsFiles | undefined;
  /** In place of the usual ones. */
  readonly limits?: ServerOptions | undefined;
}

/** An HTTP server that is bounded in every way; it does not listen yet. */
export function createBoundedServer(
  listener: RequestListener,
  { tls, limits = LIMITS }: BoundedServerOptions = {},
): Server {
  const server: Server =
    tls === undefined
      ? createServer(limits, listener)
      : createTlsServer({ ...limits, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: 5_000 }, listener);
  server.maxConnections = MAX_CONNECTIONS;
  server.setTimeout(SILENCE_MS);
  return server;
}

/** Stops to accept, and lets answers under way finish for up to 2 s. */
export async function closeHttpServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const force = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(force);
}
