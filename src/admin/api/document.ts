import type { OpenAPIHono } from '@hono/zod-openapi';
import { packageVersion } from '../../report/index.ts';

const INTRODUCTION = `Everything that the command line does. Errors are problems (RFC 9457) with a code, and with pointers to the fields of a
body that are wrong. Lists have \`limit\`, \`offset\` and \`proxy\`, and tell the \`total\`.`;

/** The OpenAPI 3.1 document of the routes of an app. */
export function apiDocument(app: OpenAPIHono): ReturnType<OpenAPIHono['getOpenAPI31Document']> {
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Sluice admin API',
      version: packageVersion(),
      description: INTRODUCTION.replaceAll('\n', ' '),
      license: { name: 'MIT' },
    },
  });
}
