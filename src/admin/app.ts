import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { MAX_FILE_BYTES } from '../config/index.ts';
import { SluiceError } from '../errors/index.ts';
import { methodsOf } from './api/methods.ts';
import { malformed, refusal } from './api/refuse.ts';
import { addDashboard } from './dashboard/page.ts';
import { type Problem, problemResponse, problemWithStatus, toProblem } from './problem.ts';
import { addCaptureRoutes } from './routes/capture.ts';
import { addCircuitRoutes } from './routes/circuits.ts';
import { addConfigRoutes, CONFIG_PATH } from './routes/config.ts';
import { addConnectionRoutes } from './routes/connections.ts';
import { addDaemonRoutes } from './routes/daemon.ts';
import { addDnsRoutes } from './routes/dns.ts';
import { addDocumentRoute } from './routes/document.ts';
import { addDrainRoutes } from './routes/drains.ts';
import { addEventRoutes } from './routes/events.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addLatencyRoutes } from './routes/latencies.ts';
import { addLogRoutes } from './routes/log.ts';
import { addMetricsRoute } from './routes/metrics.ts';
import { addOneRouteRoutes } from './routes/one-route.ts';
import { addProxyRoutes } from './routes/proxies.ts';
import { addProxyRouteRoutes } from './routes/proxy-routes.ts';
import { addRateLimitRoutes } from './routes/rate-limits.ts';
import { addStatsRoutes } from './routes/stats.ts';
import { addStatusRoutes } from './routes/status.ts';
import { addTargetRoutes } from './routes/targets.ts';
import { addTraceRoutes } from './routes/trace.ts';
import type { BalancerView } from './view.ts';

/** Adds the routes of one subject. */
export type RouteGroup = (app: OpenAPIHono, view: BalancerView) => void;

/** Every route of the API, in the order of its documentation. */
const GROUPS: readonly RouteGroup[] = [
  addStatusRoutes,
  addStatsRoutes,
  addMetricsRoute,
  addConnectionRoutes,
  addTraceRoutes,
  addCaptureRoutes,
  addTargetRoutes,
  addLatencyRoutes,
  addHealthRoutes,
  addDrainRoutes,
  addCircuitRoutes,
  addRateLimitRoutes,
  addDnsRoutes,
  addConfigRoutes,
  addProxyRoutes,
  addOneRouteRoutes,
  addProxyRouteRoutes,
  addEventRoutes,
  addDaemonRoutes,
  addLogRoutes,
  addDocumentRoute,
];

/** Largest body of a request, bytes; a whole configuration may be as large as a file. */
export const MAX_BODY_BYTES = 64 * 1024;

/** Is told about every error that is a fault of the daemon, not of the request. */
export type FaultListener = (error: unknown) => void;

/** One request that was answered; never what was in it. */
export interface AnsweredRequest {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly status: number;
  readonly elapsedMs: number;
}

/** What an app may have besides its view. */
export interface AdminAppOptions {
  /** Is told about faults of the daemon; default: nobody. */
  readonly onFault?: FaultListener | undefined;
  /** Is told about every request; default: nobody. */
  readonly onAnswer?: ((request: AnsweredRequest) => void) | undefined;
  /** Decides who may ask what; default: everybody who gets here, everything. */
  readonly guard?: MiddlewareHandler | undefined;
}

/** The routes of the admin API over `view`, without a server. */
export function createAdminApp(view: BalancerView, options: AdminAppOptions = {}): OpenAPIHono {
  const { onFault, onAnswer, guard } = options;
  const app: OpenAPIHono = new OpenAPIHono({
    defaultHook: (result, context) => {
      if (!result.success) throw refusal(app, context, result.target, result.error.issues);
    },
  });
  if (onAnswer !== undefined) app.use(reporter(onAnswer));
  if (guard !== undefined) app.use(guard);
  const [usual, whole] = [bodiesUpTo(MAX_BODY_BYTES), bodiesUpTo(MAX_FILE_BYTES)];
  app.use((context, next) => (context.req.path === CONFIG_PATH ? whole : usual)(context, next));
  for (const addRoutes of GROUPS) addRoutes(app, view);
  addDashboard(app);
  app.notFound((context) => unknownRoute(app, context));
  app.onError((error, context) => {
    const problem = error instanceof HTTPException ? refusedByHono(app, context, error) : toProblem(error);
    if (problem.status >= 500) onFault?.(error);
    return problemResponse(problem);
  });
  return app;
}

function reporter(onAnswer: (request: AnsweredRequest) => void): MiddlewareHandler {
  return async (context, next) => {
    const begunMs = performance.now();
    await next();
    const { req, res } = context;
    const elapsedMs = Math.round(performance.now() - begunMs);
    onAnswer({ method: req.method, path: req.path, status: res.status, elapsedMs });
  };
}

/** No such path, or none that takes this method: 405 says which it takes (RFC 9110, 15.5.6). */
function unknownRoute(app: OpenAPIHono, { req }: Context): Response {
  const methods = methodsOf(app, req.path).join(', ');
  const what = `there is no ${req.method} ${req.path}`;
  if (methods !== '') {
    const error = new SluiceError('usage', what, { fix: `this path takes ${methods}` });
    return problemResponse(problemWithStatus(error, 405), { allow: methods });
  }
  const fix = 'GET /v1/openapi.json has every route';
  return problemResponse(toProblem(new SluiceError('not_found', what, { fix })));
}

function bodiesUpTo(maxSize: number) {
  const error = new SluiceError('usage', `the body is larger than ${maxSize} bytes`);
  return bodyLimit({ maxSize, onError: () => problemResponse(problemWithStatus(error, 413)) });
}

/** Hono itself refuses bodies that are no JSON, and those that do not say to be. */
function refusedByHono(app: OpenAPIHono, context: Context, error: HTTPException): Problem {
  if (error.status === 400) return toProblem(malformed(app, context));
  const what = error.status === 415 ? 'the body is not said to be JSON' : error.message;
  const fix = error.status === 415 ? 'send the header content-type: application/json' : undefined;
  return problemWithStatus(new SluiceError('usage', what, { fix, cause: error }), error.status);
}
