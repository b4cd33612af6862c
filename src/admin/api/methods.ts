import type { OpenAPIHono } from '@hono/zod-openapi';
import { routesOf } from './refuse.ts';

/** The methods that a path takes, as the header `Allow` has them; none when there is no such path. */
export function methodsOf(app: OpenAPIHono, path: string): readonly string[] {
  const fitting = routesOf(app).filter((route) => patternOf(route.path).test(path));
  const methods = fitting.map(({ method }) => method.toUpperCase());
  return methods.includes('GET') ? ['GET', 'HEAD', ...methods.filter((method) => method !== 'GET')] : methods;
}

/** `/v1/health/{proxy}` fits any one word at the place of the braces. */
function patternOf(path: string): RegExp {
  const literal = path.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll(/\{.+?\}/g, '[^/]+')}$`);
}
