import { jsonPointer, SluiceError } from '../../errors/index.ts';
import type { ProxyConfig } from '../model.ts';
import { type ParsedPart, parseSniRoute, parseSourceRoute } from '../unknown-input.ts';
import { canonicalSource } from './pools.ts';
import { type ChangedProxy, contextOf } from './targets.ts';

/** How routes of a kind are read, and what tells one from another. */
interface RouteKind<Route> {
  readonly what: string;
  readonly field: 'source' | 'sniHostname';
  readonly of: (proxy: ProxyConfig) => readonly Route[];
  readonly matches: (route: Route) => string;
  readonly canonical: (text: string) => string;
  readonly parse: (input: unknown, proxy: ProxyConfig) => ParsedPart<Route>;
  readonly put: (proxy: ProxyConfig, routes: readonly Route[]) => ProxyConfig;
}

type SourceRoute = ProxyConfig['sourceRoutes'][number];
type SniRoute = ProxyConfig['sniRoutes'][number];

/** Routes by the address of the client. */
export const SOURCE_ROUTES: RouteKind<SourceRoute> = {
  what: 'source route',
  field: 'source',
  of: (proxy) => proxy.sourceRoutes,
  matches: ({ source }) => source,
  canonical: canonicalSource,
  parse: (input, proxy) => parseSourceRoute(input, contextOf(proxy)),
  put: (proxy, sourceRoutes) => ({ ...proxy, sourceRoutes }),
};

/** Routes by the host name that TLS clients ask for. */
export const SNI_ROUTES: RouteKind<SniRoute> = {
  what: 'SNI route',
  field: 'sniHostname',
  of: (proxy) => proxy.sniRoutes,
  matches: ({ sniHostname }) => sniHostname,
  canonical: (text) => text.toLowerCase(),
  parse: (input, proxy) => parseSniRoute(input, contextOf(proxy)),
  put: (proxy, sniRoutes) => ({ ...proxy, sniRoutes }),
};

/** A proxy with one more route. @throws SluiceError `conflict` when it has that one, `config_invalid` */
export function addRoute<Route>(kind: RouteKind<Route>, proxy: ProxyConfig, input: unknown): ChangedProxy {
  const { value, warnings } = kind.parse(input, proxy);
  const matches = kind.matches(value);
  if (kind.of(proxy).some((route) => kind.matches(route) === matches)) {
    throw new SluiceError('conflict', `proxy ${proxy.name} has a ${kind.what} of ${matches} already`, {
      fix: 'replace it, or remove it first',
    });
  }
  return { proxy: kind.put(proxy, [...kind.of(proxy), value]), warnings };
}

/** A proxy with a route in the place of another, or with one more. @throws SluiceError `config_invalid` */
export function setRoute<Route>(
  kind: RouteKind<Route>,
  proxy: ProxyConfig,
  name: string,
  input: unknown,
): ChangedProxy {
  const { value, warnings } = kind.parse(input, proxy);
  const matches = kind.matches(value);
  if (kind.canonical(name) !== matches) {
    throw new SluiceError('config_invalid', `this is a ${kind.what} of ${matches}, not of ${name}`, {
      details: [
        {
          where: kind.field,
          message: `found ${matches}, expected ${name}`,
          pointer: jsonPointer([kind.field]),
        },
      ],
    });
  }
  const routes = kind.of(proxy);
  const index = routes.findIndex((route) => kind.matches(route) === matches);
  const next = index < 0 ? [...routes, value] : routes.with(index, value);
  return { proxy: kind.put(proxy, next), warnings };
}

/** A proxy with one route less. @throws SluiceError `not_found` */
export function removeRoute<Route>(kind: RouteKind<Route>, proxy: ProxyConfig, name: string): ProxyConfig {
  const gone = findRoute(kind, proxy, name);
  const rest = kind.of(proxy).filter((route) => route !== gone);
  return kind.put(proxy, rest);
}

/** One route of a proxy. @throws SluiceError `not_found` */
export function findRoute<Route>(kind: RouteKind<Route>, proxy: ProxyConfig, name: string): Route {
  const routes = kind.of(proxy);
  const found = routes.find((route) => kind.matches(route) === kind.canonical(name));
  if (found !== undefined) return found;
  const known = routes.map(kind.matches).join(', ');
  throw new SluiceError('not_found', `proxy ${proxy.name} has no ${kind.what} of ${name}`, {
    fix: known === '' ? 'it has none' : `it has: ${known}`,
  });
}
