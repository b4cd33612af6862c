import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { DnsReport, ListTotal } from '../../report/index.ts';
import { answers } from '../api/answers.ts';
import { listQuery, slice, totalOfList } from '../api/parameters.ts';
import type { BalancerView } from '../view.ts';

const addressSchema = z
  .strictObject({
    address: z.string().describe('The address.'),
    port: z.int().nullable().describe("The port of an SRV record; null where the target's own port counts."),
    share: z.number().describe("Share of the name's weight among addresses of its IP version, 0 to 1."),
  })
  .openapi('DnsAddress', { description: 'One thing that a name stands for.' });

const hostSchema = z
  .strictObject({
    hostname: z.string().describe('The name.'),
    proxies: z.array(z.string()).readonly().describe('Proxies whose targets have it.'),
    addresses: z.array(addressSchema).readonly().describe('What it stands for: the last good answer.'),
    ttlSeconds: z.number().nullable().describe('Life of its records; null when their source does not say.'),
    resolvedAt: z.string().describe('When the last good answer came, ISO 8601.'),
    consecutiveFailures: z.int().describe('Failures since then.'),
    lastError: z.string().nullable().describe('Why the last attempt failed; null after a good one.'),
    nextAt: z.string().nullable().describe('When it is resolved again; null while it is being resolved.'),
  })
  .openapi('DnsHost', { description: 'A host name of targets.' });

const dnsSchema = z
  .strictObject({
    total: totalOfList(),
    hosts: z.array(hostSchema).readonly().describe('The names, in alphabetical order.'),
  })
  .openapi('Dns', { description: 'What the host names of targets stand for.' }) satisfies z.ZodType<
  DnsReport & ListTotal
>;

const getDns = createRoute({
  method: 'get',
  path: '/v1/dns',
  tags: ['DNS'],
  summary: 'Tell what the host names of targets stand for.',
  request: { query: listQuery({}) },
  responses: answers(dnsSchema, 'The names.'),
});

const resolveHost = createRoute({
  method: 'post',
  path: '/v1/dns/{hostname}/resolve',
  tags: ['DNS'],
  summary: 'Resolve a name now, whatever its interval.',
  request: { params: z.object({ hostname: z.string().describe('The name.') }) },
  responses: answers(dnsSchema, 'What it stands for now.'),
});

/** The names of targets. */
export function addDnsRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getDns, async (context) => {
    const query = context.req.valid('query');
    const { proxy } = query;
    const { hosts } = await view.dns();
    const { total, rows } = slice(
      hosts.filter(({ proxies }) => proxy === undefined || proxies.includes(proxy)),
      query,
    );
    return context.json({ total, hosts: rows }, 200);
  });
  app.openapi(resolveHost, async (context) => {
    const { hosts } = await view.resolveHost(context.req.valid('param').hostname);
    return context.json({ total: hosts.length, hosts }, 200);
  });
}
