import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { etag } from 'hono/etag';
import { answers } from '../api/answers.ts';
import { apiDocument } from '../api/document.ts';

const documentSchema = z
  .looseObject({ openapi: z.string().describe('Version of OpenAPI.') })
  .openapi('OpenApiDocument', { description: 'An OpenAPI document; see the OpenAPI specification.' });

const getDocument = createRoute({
  method: 'get',
  path: '/v1/openapi.json',
  tags: ['Daemon'],
  summary: 'Describe this API (OpenAPI 3.1).',
  middleware: etag(),
  responses: answers(documentSchema, 'The document.'),
});

/** The document of the API itself. */
export function addDocumentRoute(app: OpenAPIHono): void {
  app.openapi(getDocument, (context) => context.json(documentSchema.parse(apiDocument(app)), 200));
}
