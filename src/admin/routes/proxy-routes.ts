import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import { answers } from '../api/answers.ts';
import { showState } from '../api/etag.ts';
import { listQuery, proxyParameter, slice } from '../api/parameters.ts';
import type { BalancerView } from '../view.ts';
import { changeAnswers, changeHeaders, changeQuery, doChange } from './change-route.ts';
import {
  documentBody,
  hostnameParameters,
  interfaceChange,
  interfacesBody,
  sourceParameters,
} from './documents.ts';
import { interfacesSchema, proxiesOn, routesOf, routesSchema } from './route-reports.ts';

const tags = ['Routes and interfaces'];
const request = { query: changeQuery, headers: changeHeaders };
const sourceHint = 'send {"source": "10.0.0.0/8", "targets": [{"ip": ..., "port": ...}]} as in a file';
const sniHint = 'send {"sniHostname": "api.example", "targets": [{"ip": ..., "port": ...}]} as in a file';

const getRoutes = createRoute({
  method: 'get',
  path: '/v1/routes',
  tags,
  summary: 'List the source routes and SNI routes of all proxies.',
  request: { query: listQuery({}) },
  responses: answers(routesSchema, 'The routes.'),
});

/** The three changes of routes of one kind. */
function routeChanges<Parameters extends z.ZodObject>(
  path: 'source-routes' | 'sni-routes',
  matched: string,
  params: Parameters,
  hint: string,
) {
  const what = path === 'source-routes' ? 'source route' : 'SNI route';
  const one = `/v1/proxies/{proxy}/${path}/{${matched}}`;
  return {
    add: createRoute({
      method: 'post',
      path: `/v1/proxies/{proxy}/${path}`,
      tags,
      summary: `Add a ${what.startsWith('S') ? 'route by host name (SNI)' : what}.`,
      request: { ...request, params: proxyParameter, body: documentBody(hint) },
      responses: changeAnswers,
    }),
    set: createRoute({
      method: 'put',
      path: one,
      tags,
      summary: `Put a ${what} in the place of the one there is, or add it.`,
      request: { ...request, params, body: documentBody(hint) },
      responses: changeAnswers,
    }),
    remove: createRoute({
      method: 'delete',
      path: one,
      tags,
      summary: `Remove a ${what}. Its open connections go on.`,
      request: { ...request, params },
      responses: changeAnswers,
    }),
  };
}

const sourceRoutes = routeChanges('source-routes', 'source', sourceParameters, sourceHint);
const sniRoutes = routeChanges('sni-routes', 'hostname', hostnameParameters, sniHint);

const getInterfaces = createRoute({
  method: 'get',
  path: '/v1/interfaces',
  tags,
  summary: 'List the interfaces that carry the programs, and the proxies that name them.',
  responses: answers(interfacesSchema, 'The interfaces.'),
});
const attach = createRoute({
  method: 'post',
  path: '/v1/interfaces/attach',
  tags,
  summary: 'Listen on more interfaces.',
  request: { ...request, body: interfacesBody },
  responses: changeAnswers,
});
const detach = createRoute({
  method: 'post',
  path: '/v1/interfaces/detach',
  tags,
  summary: 'Listen on fewer interfaces.',
  request: { ...request, body: interfacesBody },
  responses: changeAnswers,
});

/** Routes of proxies, and the interfaces that they listen on. */
export function addProxyRouteRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getRoutes, async (context) => {
    const report = await view.configuration.running();
    const query = context.req.valid('query');
    const all = routesOf(report).filter(({ proxy }) => query.proxy === undefined || proxy === query.proxy);
    const { total, rows } = slice(all, query);
    showState(context, report.hash);
    return context.json({ total, routes: [...rows] }, 200);
  });
  addSourceRouteChanges(app, view);
  addSniRouteChanges(app, view);
  addInterfaceRoutes(app, view);
}

function addSourceRouteChanges(app: OpenAPIHono, view: BalancerView): void {
  const { add, set, remove } = sourceRoutes;
  app.openapi(add, async (context) => {
    const { proxy } = context.req.valid('param');
    const change = { kind: 'addSourceRoute', proxy, route: context.req.valid('json') } as const;
    return context.json(await doChange(context, view, context.req.valid('query'), change), 200);
  });
  app.openapi(set, async (context) => {
    const route = context.req.valid('json');
    const change = { kind: 'setSourceRoute', route, ...context.req.valid('param') } as const;
    return context.json(await doChange(context, view, context.req.valid('query'), change), 200);
  });
  app.openapi(remove, async (context) => {
    const change = { kind: 'removeSourceRoute', ...context.req.valid('param') } as const;
    return context.json(await doChange(context, view, context.req.valid('query'), change), 200);
  });
}

function addSniRouteChanges(app: OpenAPIHono, view: BalancerView): void {
  const { add, set, remove } = sniRoutes;
  app.openapi(add, async (context) => {
    const { proxy } = context.req.valid('param');
    const change = { kind: 'addSniRoute', proxy, route: context.req.valid('json') } as const;
    return context.json(await doChange(context, view, context.req.valid('query'), change), 200);
  });
  app.openapi(set, async (context) => {
    const route = context.req.valid('json');
    const change = { kind: 'setSniRoute', route, ...context.req.valid('param') } as const;
    return context.json(await doChange(context, view, context.req.valid('query'), change), 200);
  });
  app.openapi(remove, async (context) => {
    const change = { kind: 'removeSniRoute', ...context.req.valid('param') } as const;
    return context.json(await doChange(context, view, context.req.valid('query'), change), 200);
  });
}

function addInterfaceRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getInterfaces, async (context) => {
    const { interfaces } = await view.status();
    const { hash, config } = await view.configuration.running();
    showState(context, hash);
    const rows = interfaces.map((each) => ({ ...each, proxies: proxiesOn(each, config.proxies) }));
    return context.json({ interfaces: rows }, 200);
  });
  app.openapi(attach, async (context) => {
    const change = interfaceChange('attachInterfaces', context.req.valid('json'));
    return context.json(await doChange(context, view, context.req.valid('query'), change), 200);
  });
  app.openapi(detach, async (context) => {
    const change = interfaceChange('detachInterfaces', context.req.valid('json'));
    return context.json(await doChange(context, view, context.req.valid('query'), change), 200);
  });
}
