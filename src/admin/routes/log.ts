import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { LOG_LEVELS, type LogLevelReport } from '../../report/index.ts';
import { answers, jsonBody } from '../api/answers.ts';
import type { BalancerView } from '../view.ts';

const levelSchema = z
  .strictObject({ level: z.string().describe('The level in force.') })
  .openapi('LogLevel', { description: 'How much the daemon logs.' }) satisfies z.ZodType<LogLevelReport>;

const levelBody = z
  .strictObject({
    level: z
      .enum(LOG_LEVELS)
      .describe('Lines of this level, and of those before it in the list, are written.'),
  })
  .openapi('LogLevelChange', { description: 'How much the daemon shall log.' });

const tags = ['Daemon'];

const getLevel = createRoute({
  method: 'get',
  path: '/v1/log-level',
  tags,
  summary: 'Tell how much the daemon logs.',
  responses: answers(levelSchema, 'The level.'),
});

const putLevel = createRoute({
  method: 'put',
  path: '/v1/log-level',
  tags,
  summary: 'Log more or less from now on, until the daemon ends.',
  request: { body: jsonBody(levelBody, `send {"level": "debug"}; levels: ${LOG_LEVELS.join(', ')}`) },
  responses: answers(levelSchema, 'The level that is in force now.'),
});

/** The log of the daemon. */
export function addLogRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getLevel, async (context) => context.json(await view.log.level(), 200));
  app.openapi(putLevel, async (context) => {
    const { level } = context.req.valid('json');
    return context.json(await view.log.setLevel(level), 200);
  });
}
