import type { OpenAPIHono, RouteConfig } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { routePath } from 'hono/route';
import type { z } from 'zod';
import { type ErrorDetail, jsonPointer, SluiceError } from '../../errors/index.ts';

/** The parts of a request that a schema may speak of. */
export type RequestPart = 'json' | 'query' | 'param' | 'header' | 'cookie' | 'form';

const NAMES: Readonly<Record<RequestPart, string>> = {
  json: 'body',
  form: 'body',
  query: 'query',
  param: 'path',
  header: 'headers',
  cookie: 'cookies',
};

/** The error of a request that a schema refuses: every field that is wrong, and what the route wants. */
export function refusal(
  app: OpenAPIHono,
  context: Context,
  part: RequestPart,
  issues: readonly z.core.$ZodIssue[],
): SluiceError {
  return new SluiceError(
    'usage',
    `the ${NAMES[part]} of ${context.req.method} ${context.req.path} is not valid`,
    {
      fix: hintFor(app, context, part),
      details: issues.flatMap((issue) => toDetails(issue, part)),
    },
  );
}

/** The error of a body that is no JSON. */
export function malformed(app: OpenAPIHono, context: Context): SluiceError {
  return new SluiceError('usage', `the body of ${context.req.method} ${context.req.path} is not JSON`, {
    fix: hintFor(app, context, 'json'),
    details: [{ where: 'body', message: 'this is not a JSON text', pointer: '#' }],
  });
}

function toDetails(issue: z.core.$ZodIssue, part: RequestPart): ErrorDetail[] {
  const paths =
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: [...issue.path, key], message: 'there is no such field' }))
      : [{ path: issue.path, message: issue.message }];
  return paths.map(({ path, message }) => ({
    where: path.map(String).join('.') || NAMES[part],
    message,
    ...(part === 'json' ? { pointer: jsonPointer(path) } : {}),
  }));
}

/** What the document says of this part of the route's requests. */
function hintFor(app: OpenAPIHono, context: Context, part: RequestPart): string {
  const request = routeOf(app, context)?.request;
  const query = request?.query;
  const hint =
    part === 'json' ? request?.body?.description : part === 'query' ? query?.description : undefined;
  return hint ?? 'see GET /v1/openapi.json';
}

function routeOf(app: OpenAPIHono, context: Context): RouteConfig | undefined {
  const path = routePath(context, -1);
  return routesOf(app).find(
    (route) => route.method === context.req.method.toLowerCase() && honoPath(route.path) === path,
  );
}

/** Every route of the document. */
export function routesOf(app: OpenAPIHono): readonly RouteConfig[] {
  return app.openAPIRegistry.definitions.flatMap((each) => (each.type === 'route' ? [each.route] : []));
}

/** `/v1/health/:proxy` for `/v1/health/{proxy}`. */
export function honoPath(path: string): string {
  return path.replaceAll(/\{(.+?)\}/g, ':$1');
}
