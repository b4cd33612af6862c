import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { type DocumentMap, SNI_ROUTES, SOURCE_ROUTES } from '../../config/index.ts';
import { SluiceError } from '../../errors/index.ts';
import type { ConfigReport, RouteReport } from '../../report/index.ts';
import { answers } from '../api/answers.ts';
import { showState } from '../api/etag.ts';
import type { BalancerView } from '../view.ts';
import { documentSchema, hostnameParameters, sourceParameters } from './documents.ts';
import { routesOf } from './route-reports.ts';

const tags = ['Routes and interfaces'];
const responses = answers(documentSchema, 'The route; its ETag is that of the whole configuration.');

const getSourceRoute = createRoute({
  method: 'get',
  path: '/v1/proxies/{proxy}/source-routes/{source}',
  tags,
  summary: 'Tell one source route of the configuration in force.',
  request: { params: sourceParameters },
  responses,
});

const getSniRoute = createRoute({
  method: 'get',
  path: '/v1/proxies/{proxy}/sni-routes/{hostname}',
  tags,
  summary: 'Tell one SNI route of the configuration in force.',
  request: { params: hostnameParameters },
  responses,
});

/** Single routes of proxies. */
export function addOneRouteRoutes(app: OpenAPIHono, view: BalancerView): void {
  app.openapi(getSourceRoute, async (context) => {
    const { proxy, source } = context.req.valid('param');
    const report = await view.configuration.running();
    const route = oneRoute(report, { proxy, kind: 'source', matches: SOURCE_ROUTES.canonical(source) });
    showState(context, report.hash);
    return context.json(route, 200);
  });
  app.openapi(getSniRoute, async (context) => {
    const { proxy, hostname } = context.req.valid('param');
    const report = await view.configuration.running();
    const route = oneRoute(report, { proxy, kind: 'sni', matches: SNI_ROUTES.canonical(hostname) });
    showState(context, report.hash);
    return context.json(route, 200);
  });
}

interface Wanted {
  readonly proxy: string;
  readonly kind: RouteReport['kind'];
  readonly matches: string;
}

/** @throws SluiceError `not_found` with the routes that there are */
function oneRoute(report: ConfigReport, { proxy, kind, matches }: Wanted): DocumentMap {
  const routes = routesOf(report).filter((each) => each.proxy === proxy && each.kind === kind);
  const matchOf = ({ route }: RouteReport) => String(kind === 'source' ? route.source : route.sniHostname);
  const found = routes.find((each) => matchOf(each) === matches);
  if (found !== undefined) return found.route;
  const { what } = kind === 'source' ? SOURCE_ROUTES : SNI_ROUTES;
  const known = routes.map(matchOf).join(', ');
  throw new SluiceError('not_found', `proxy ${JSON.stringify(proxy)} has no ${what} of ${matches}`, {
    fix: known === '' ? 'GET /v1/routes lists all routes' : `it has: ${known}`,
  });
}
