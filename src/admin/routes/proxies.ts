import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { SluiceError } from '../../errors/index.ts';
import { answers } from '../api/answers.ts';
import { showState } from '../api/etag.ts';
import { listQuery, proxyParameter, slice, targetParameters, totalOfList } from '../api/parameters.ts';
import type { BalancerView } from '../view.ts';
import { changeAnswers, changeHeaders, changeQuery, doChange, poolChangeQuery } from './change-route.ts';
import { documentBody, documentSchema, weightsBody } from './documents.ts';

const tags = ['Proxies'];
const request = { query: changeQuery, headers: changeHeaders };
const poolRequest = { query: poolChangeQuery, headers: changeHeaders };

const proxiesSchema = z
  .strictObject({
    total: totalOfList(),
    proxies: z.array(documentSchema).describe('The proxies, as in a configuration file.'),
  })
  .openapi('Proxies', { description: 'Proxies of the configuration in force.' });

const getProxies = createRoute({
  method: 'get',
  path: '/v1/proxies',
  tags,
  summary: 'List the proxies of the configuration in force.',
  request: { query: listQuery({}) },
  responses: answers(proxiesSchema, 'The proxies.'),
});
const getProxy = createRoute({
  method: 'get',
  path: '/v1/proxies/{proxy}',
  tags,
  summary: 'Tell one proxy of the configuration in force.',
  request: { params: proxyParameter },
  responses: answers(documentSchema, 'The proxy; its ETag is that of the whole configuration.'),
});
const postProxy = createRoute({
  method: 'post',
  path: '/v1/proxies',
  tags,
  summary: 'Add a proxy.',
  request: {
    ...request,
    body: documentBody('send {"name": ..., "listen": {...}, "defaultTarget": {...}} as in a file'),
  },
  responses: changeAnswers,
});
const putProxy = createRoute({
  method: 'put',
  path: '/v1/proxies/{proxy}',
  tags,
  summary: 'Put a proxy in the place of the one that has its name, or add it.',
  request: {
    ...request,
    params: proxyParameter,
    body: documentBody('send {"name": ..., "listen": {...}, "defaultTarget": {...}} as in a file'),
  },
  responses: changeAnswers,
});
const deleteProxy = createRoute({
  method: 'delete',
  path: '/v1/proxies/{proxy}',
  tags,
  summary: 'Remove a proxy. Its open connections go on.',
  request: { ...request, params: proxyParameter },
  responses: changeAnswers,
});
const postTarget = createRoute({
  method: 'post',
  path: '/v1/proxies/{proxy}/targets',
  tags,
  summary: 'Add a target to a pool.',
  description:
    'A weight is its percentage, and the others share the rest as they did; without one it gets an equal share.',
  request: {
    ...poolRequest,
    params: proxyParameter,
    body: documentBody('send {"ip": "10.0.0.1", "port": 8080} as in a file, with a "weight" if you like'),
  },
  responses: changeAnswers,
});
const deleteTarget = createRoute({
  method: 'delete',
  path: '/v1/proxies/{proxy}/targets/{target}',
  tags,
  summary: 'Remove a target from a pool at once. Its open connections go on; drain it first to let them end.',
  request: { ...poolRequest, params: targetParameters },
  responses: changeAnswers,
});
const putWeights = createRoute({
  method: 'put',
  path: '/v1/proxies/{proxy}/weights',
  tags,
  summary: 'Set weights of a pool.',
  request: { ...poolRequest, params: proxyParameter, body: weightsBody },
  responses: changeAnswers,
});

/** Proxies, their targets and weights. */
export function addProxyRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getProxies, async (context) => {
    const { hash, config } = await view.configuration.running();
    const query = context.req.valid('query');
    const wanted = config.proxies.filter(({ name }) => query.proxy === undefined || name === query.proxy);
    const { total, rows } = slice(wanted, query);
    showState(context, hash);
    return context.json({ total, proxies: [...rows] }, 200);
  });
  app.openapi(getProxy, async (context) => {
    const { hash, config } = await view.configuration.running();
    const { proxy } = context.req.valid('param');
    const found = config.proxies.find(({ name }) => name === proxy);
    if (found === undefined) throw noSuchProxy(proxy, config.proxies);
    showState(context, hash);
    return context.json(found, 200);
  });
  addProxyChanges(app, view);
  addPoolChanges(app, view);
}

function addProxyChanges(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(postProxy, async (context) => {
    const change = { kind: 'addProxy', proxy: context.req.valid('json') } as const;
    return context.json(await doChange(context, view, context.req.valid('query'), change), 200);
  });
  app.openapi(putProxy, async (context) => {
    const { proxy: name } = context.req.valid('param');
    const change = { kind: 'setProxy', name, proxy: context.req.valid('json') } as const;
    return context.json(await doChange(context, view, context.req.valid('query'), change), 200);
  });
  app.openapi(deleteProxy, async (context) => {
    const change = { kind: 'removeProxy', name: context.req.valid('param').proxy } as const;
    return context.json(await doChange(context, view, context.req.valid('query'), change), 200);
  });
}

function addPoolChanges(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(postTarget, async (context) => {
    const query = context.req.valid('query');
    const { proxy } = context.req.valid('param');
    const target = context.req.valid('json');
    const change = { kind: 'addTarget', proxy, pool: query.pool, target } as const;
    return context.json(await doChange(context, view, query, change), 200);
  });
  app.openapi(deleteTarget, async (context) => {
    const query = context.req.valid('query');
    const change = { kind: 'removeTarget', pool: query.pool, ...context.req.valid('param') } as const;
    return context.json(await doChange(context, view, query, change), 200);
  });
  app.openapi(putWeights, async (context) => {
    const query = context.req.valid('query');
    const { weights } = context.req.valid('json');
    const { proxy } = context.req.valid('param');
    const change = { kind: 'setWeights', proxy, pool: query.pool, weights } as const;
    return context.json(await doChange(context, view, query, change), 200);
  });
}

function noSuchProxy(name: string, proxies: readonly { readonly [key: string]: unknown }[]): SluiceError {
  return new SluiceError('not_found', `there is no proxy ${JSON.stringify(name)}`, {
    fix: `this balancer has: ${proxies.map((proxy) => proxy.name).join(', ')}`,
  });
}
