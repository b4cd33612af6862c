import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ListTotal, RateLimitsReport } from '../../report/index.ts';
import { answers } from '../api/answers.ts';
import { listQuery, pageOf, proxyParameter, totalOfList } from '../api/parameters.ts';
import type { BalancerView } from '../view.ts';
import { changeAnswers, changeHeaders, changeQuery, doChange } from './change-route.ts';
import { documentBody } from './documents.ts';

const tags = ['Rate limits'];
const request = { query: changeQuery, headers: changeHeaders, params: proxyParameter };

const limitSchema = z
  .strictObject({
    requestsPerSec: z.number().describe('New connections and UDP conversations a second.'),
    burst: z.number().describe('How many may come at once after a pause.'),
  })
  .openapi('RateLimit', { description: 'A limit on new connections.' });

const sourceSchema = z
  .strictObject({
    source: z.string().describe('Address, or prefix where a prefix is one source.'),
    dropped: z.int().describe('Packets of it that were dropped since it is remembered.'),
    agoMs: z.number().describe('Since the last of them.'),
  })
  .openapi('LimitedSource', { description: 'A source that was held back in the last ten seconds.' });

const targetSchema = z
  .strictObject({
    target: z.string().describe('The target.'),
    limit: limitSchema,
    refused: z.int().describe('New connections that it had no room for: another target took them, or none.'),
    agoMs: z.number().nullable().describe('Since the last of them; null when there was none.'),
  })
  .openapi('LimitedTarget', { description: 'A target that has a limit.' });

const noLimit = 'null: no limit.';
const proxySchema = z
  .strictObject({
    proxy: z.string().describe('The proxy.'),
    perSource: z.union([limitSchema, z.null()]).describe(`What a source may open; ${noLimit}`),
    perBackend: z
      .union([limitSchema, z.null()])
      .describe(`What targets without a limit of their own take; ${noLimit}`),
    ipv4PrefixLength: z.int().describe('IPv4 clients that agree in so many bits are one source.'),
    ipv6PrefixLength: z.int().describe('The same of IPv6.'),
    dropped: z
      .strictObject({
        source: z.int().describe("Because of the source's limit."),
        target: z.int().describe('Because no target had room.'),
      })
      .describe('Packets dropped ever.'),
    limitedSources: z
      .array(sourceSchema)
      .readonly()
      .describe('Held back in the last ten seconds: those with the most drops first, twenty at most.'),
    targets: z.array(targetSchema).readonly().describe('Targets that have a limit.'),
  })
  .openapi('ProxyRateLimits', { description: 'The limits of a proxy, and what they do.' });

const rateLimitsSchema = z
  .strictObject({
    total: totalOfList(),
    proxies: z.array(proxySchema).readonly().describe('All proxies, also those without a limit.'),
  })
  .openapi('RateLimits', { description: 'Limits on new connections.' }) satisfies z.ZodType<
  RateLimitsReport & ListTotal
>;

const getLimits = createRoute({
  method: 'get',
  path: '/v1/rate-limits',
  tags,
  summary: 'Tell limits on new connections, and whom they hold back.',
  request: { query: listQuery({}) },
  responses: answers(rateLimitsSchema, 'The limits.'),
});

const putLimits = createRoute({
  method: 'put',
  path: '/v1/rate-limits/{proxy}',
  tags,
  summary: 'Set the limits of a proxy. What the body leaves out comes from `settings.rateLimits`.',
  request: {
    ...request,
    body: documentBody('send {"perSource": {"requestsPerSec": 100, "burst": 200}} as in a file'),
  },
  responses: changeAnswers,
});

const deleteLimits = createRoute({
  method: 'delete',
  path: '/v1/rate-limits/{proxy}',
  tags,
  summary: 'Give a proxy the limits of `settings.rateLimits` again.',
  request,
  responses: changeAnswers,
});

/** Limits on new connections. */
export function addRateLimitRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getLimits, async (context) => {
    const { total, rows } = pageOf((await view.rateLimits()).proxies, context.req.valid('query'));
    return context.json({ total, proxies: rows }, 200);
  });
  app.openapi(putLimits, async (context) => {
    const { proxy } = context.req.valid('param');
    const change = { kind: 'setRateLimits', proxy, rateLimits: context.req.valid('json') } as const;
    return context.json(await doChange(context, view, context.req.valid('query'), change), 200);
  });
  app.openapi(deleteLimits, async (context) => {
    const { proxy } = context.req.valid('param');
    const change = { kind: 'clearRateLimits', proxy } as const;
    return context.json(await doChange(context, view, context.req.valid('query'), change), 200);
  });
}
