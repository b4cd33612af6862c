import type { RequestListener, Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { type BoundedServerOptions, createBoundedServer } from '../http/index.ts';

/** What answers requests. */
export interface Answerer {
  readonly fetch: (request: Request) => Response | Promise<Response>;
}

/** A server for the admin API; it does not listen yet. */
export function createHttpServer(app: Answerer, options: BoundedServerOptions = {}): Server {
  const listener: RequestListener = getRequestListener((request) => app.fetch(request));
  return createBoundedServer(listener, options);
}
