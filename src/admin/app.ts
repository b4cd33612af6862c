import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { SluiceError } from '../errors/index.ts';
import type { ConnectionFilter } from '../report/index.ts';
import { addHealthRoutes } from './health-routes.ts';
import { PROBLEM_TYPE, toProblem } from './problem.ts';
import { addStateRoutes } from './state-routes.ts';
import type { BalancerView } from './view.ts';

/** Flows listed when the request does not say how many. */
export const DEFAULT_CONNECTION_LIMIT = 1_000;
/** Most flows that one answer lists: about 30 MB of JSON. */
export const MAX_CONNECTION_LIMIT = 100_000;
const MAX_BODY_BYTES = 64 * 1024;

const word = z.string().min(1).max(256).optional();
const connectionQuery = z.strictObject({
  proxy: word,
  target: word,
  client: word,
  limit: z.coerce.number().int().min(0).max(MAX_CONNECTION_LIMIT).default(DEFAULT_CONNECTION_LIMIT),
});

/** Is told about every error that is a fault of the daemon, not of the request. */
export type FaultListener = (error: unknown) => void;

/** The routes of the admin API over `view`, without a server. */
export function createAdminApp(view: BalancerView, onFault: FaultListener = () => {}): Hono {
  const app = new Hono();
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: () => problem(bodyTooLarge()) }));
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/v1/status', async (context) => context.json(await view.status()));
  app.get('/v1/stats', async (context) => context.json(await view.stats()));
  app.get('/v1/connections', async (context) =>
    context.json(await view.connections(parseFilter(context.req.query()))),
  );
  app.get('/v1/dns', async (context) => context.json(await view.dns()));
  app.post('/v1/dns/:hostname/resolve', async (context) =>
    context.json(await view.resolveHost(context.req.param('hostname'))),
  );
  app.get('/v1/targets', async (context) => context.json(await view.targets()));
  addHealthRoutes(app, view);
  addStateRoutes(app, view);
  app.post('/v1/detach', async (context) => {
    await view.detach();
    return context.json({ status: 'detached' });
  });
  app.notFound((context) => problem(unknownRoute(context)));
  app.onError((error) => {
    if (!(error instanceof SluiceError) || error.httpStatus >= 500) onFault(error);
    return problem(error);
  });
  return app;
}

function parseFilter(query: Record<string, string>): ConnectionFilter {
  const parsed = connectionQuery.safeParse(query);
  if (parsed.success) return parsed.data;
  throw new SluiceError('usage', 'the query of /v1/connections is not valid', {
    fix: `use proxy, target, client, and limit from 0 to ${MAX_CONNECTION_LIMIT}`,
    details: parsed.error.issues.map((issue) => ({
      where: issue.path.join('.') || 'query',
      message: issue.message,
    })),
  });
}

function unknownRoute(context: Context): SluiceError {
  return new SluiceError('not_found', `there is no ${context.req.method} ${context.req.path}`, {
    fix: 'GET /v1/status, /v1/connections, /v1/stats, /v1/targets, /v1/health, /v1/drains, /v1/dns or /healthz',
  });
}

function bodyTooLarge(): SluiceError {
  return new SluiceError('usage', `the body is larger than ${MAX_BODY_BYTES} bytes`);
}

function problem(error: unknown): Response {
  const body = toProblem(error);
  return new Response(JSON.stringify(body), {
    status: body.status,
    headers: { 'content-type': PROBLEM_TYPE },
  });
}
