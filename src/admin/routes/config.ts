import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { etag } from 'hono/etag';
import { parseConfig } from '../../config/index.ts';
import type { ConfigReport } from '../../report/index.ts';
import { answers, jsonBody } from '../api/answers.ts';
import { showState } from '../api/etag.ts';
import type { BalancerView } from '../view.ts';
import {
  changeAnswers,
  changeHeaders,
  changeOptions,
  changeQuery,
  diffSchema,
  flagWord,
  showChange,
} from './change-route.ts';
import { documentSchema } from './documents.ts';

/** Where the whole configuration is. */
export const CONFIG_PATH = '/v1/config';

const configSchema = z
  .strictObject({
    generation: z.int().describe('Counts applied configurations of this instance, over restarts.'),
    hash: z.string().describe('SHA-256 of the configuration, hex; also the ETag.'),
    config: z
      .strictObject({
        proxies: z.array(documentSchema).describe('Every proxy.'),
        settings: documentSchema,
      })
      .describe('The configuration in the words of a file, see docs/configuration.md and `sluice schema`.'),
  })
  .openapi('Config', { description: 'The configuration in force.' }) satisfies z.ZodType<ConfigReport>;

const getConfig = createRoute({
  method: 'get',
  path: CONFIG_PATH,
  middleware: etag(),
  tags: ['Configuration'],
  summary: 'Tell the configuration in force, with what was changed at run time.',
  responses: answers(configSchema, 'The configuration.'),
});

const putConfig = createRoute({
  method: 'put',
  path: CONFIG_PATH,
  tags: ['Configuration'],
  summary: 'Put a whole configuration in the place of the one in force.',
  description: 'All of it or nothing. The file stays as it is; the next reload from it takes this back.',
  request: {
    query: changeQuery,
    headers: changeHeaders,
    body: jsonBody(documentSchema, 'send {"proxies": [...], "settings": {...}} as in a file, up to 16 MiB'),
  },
  responses: changeAnswers,
});

const getDiff = createRoute({
  method: 'get',
  path: '/v1/config/diff',
  tags: ['Configuration'],
  summary: 'Tell what reading the configuration file again would change.',
  request: {
    query: z
      .strictObject({ plan: flagWord("Tell the writes to the kernel's tables as well.") })
      .describe('use plan: true or false'),
  },
  responses: answers(diffSchema, 'The differences.'),
});

const postReload = createRoute({
  method: 'post',
  path: '/v1/reload',
  tags: ['Configuration'],
  summary: 'Read the configuration file again and apply it.',
  description: 'Changes that were made at run time and are not in the file are lost; `lost` has them.',
  request: { query: changeQuery, headers: changeHeaders },
  responses: changeAnswers,
});

/** The configuration as a whole. */
export function addConfigRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getConfig, async (context) => {
    const report = await view.configuration.running();
    showState(context, report.hash);
    return context.json(report, 200);
  });
  app.openapi(putConfig, async (context) => {
    const loaded = parseConfig(await context.req.text(), { format: 'json', file: null, pointers: true });
    const options = changeOptions(context, context.req.valid('query'));
    return context.json(showChange(context, await view.configuration.replace(loaded, options)), 200);
  });
  app.openapi(getDiff, async (context) =>
    context.json(await view.configuration.diff(context.req.valid('query')), 200),
  );
  app.openapi(postReload, async (context) => {
    const options = changeOptions(context, context.req.valid('query'));
    return context.json(showChange(context, await view.configuration.reload(options)), 200);
  });
}
