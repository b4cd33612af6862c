import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { StatusReport } from '../../report/index.ts';
import { answers } from '../api/answers.ts';
import type { BalancerView } from '../view.ts';
import { algorithmSchema } from './algorithm.ts';
import { targetReportSchema } from './target-report.ts';

const interfaceSchema = z
  .strictObject({
    name: z.string().describe('Name of the interface.'),
    index: z.int().describe('Its index; 0 when it is missing.'),
    role: z.enum(['listen', 'reply', 'both']).describe('Why the programs are on it.'),
    mode: z
      .enum(['native', 'generic', 'tc', 'detached'])
      .describe('What is attached now; `detached` when the interface is missing.'),
  })
  .openapi('Interface', { description: 'An interface that carries the programs.' });

const proxySchema = z
  .strictObject({
    name: z.string().describe('Name of the proxy.'),
    mode: z.enum(['nat', 'snat']).describe('How packets reach its targets.'),
    algorithm: algorithmSchema,
    listeners: z.array(z.string()).readonly().describe('`address:port/protocol`, one per listener.'),
    targets: z
      .array(targetReportSchema)
      .readonly()
      .describe('Every target, in the order of the configuration.'),
  })
  .openapi('Proxy', { description: 'Where a proxy listens and what it sends to.' });

const flowsSchema = z
  .strictObject({
    active: z.int().describe('Lasting flows that are open.'),
    pending: z.int().describe('New flows that have not proven themselves yet.'),
    max: z.int().describe('Flows that the table holds.'),
  })
  .openapi('FlowCounts', { description: 'How full the flow table is.' });

const failureSchema = z
  .strictObject({
    at: z.string().describe('When, ISO 8601.'),
    message: z.string().describe('What was wrong.'),
  })
  .openapi('ReloadFailure', { description: 'Why the last reload failed.' });

const fileSchema = z
  .strictObject({
    state: z
      .enum(['same', 'differs', 'invalid'])
      .describe(
        '`same`: what is in force is what the file says. `invalid`: the file cannot be read or is not valid.',
      ),
    lastFailure: failureSchema.nullable().describe('Null when the last reload did not fail.'),
  })
  .openapi('ConfigFile', { description: 'How the file and what is in force compare.' });

const statusSchema = z
  .strictObject({
    version: z.string().describe('Version of the daemon.'),
    instance: z.string().describe('Name of the instance.'),
    pid: z.int().describe('Process id of the daemon.'),
    startedAt: z.string().describe('When the daemon started, ISO 8601.'),
    generation: z.int().describe('Counts applied configurations of this instance, over restarts.'),
    configHash: z.string().describe('SHA-256 of the configuration in force, hex.'),
    configFile: z.string().nullable().describe('The file it came from; null for the command line.'),
    file: fileSchema.nullable().describe('How it and what is in force compare; null without a file.'),
    interfaces: z
      .array(interfaceSchema)
      .readonly()
      .describe('Interfaces that carry the programs, or should.'),
    proxies: z.array(proxySchema).readonly().describe('Every proxy.'),
    flows: flowsSchema,
    warnings: z.array(z.string()).readonly().describe('What the operator should know.'),
  })
  .openapi('Status', {
    description: 'What is attached, where it listens, and to whom it sends.',
  }) satisfies z.ZodType<StatusReport>;

const getStatus = createRoute({
  method: 'get',
  path: '/v1/status',
  tags: ['Status'],
  summary: 'Tell what is attached, where it listens, and to whom it sends.',
  responses: answers(statusSchema, 'The status.'),
});

/** The status of the daemon. */
export function addStatusRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getStatus, async (context) => context.json(await view.status(), 200));
}
