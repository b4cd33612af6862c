import { type Change, DEFAULT_POOL } from '../config/index.ts';

/** A request of the admin API, without its options. */
export interface ChangeRequest {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The request that asks for a change. */
export function requestOf(change: Change): ChangeRequest {
  switch (change.kind) {
    case 'addProxy':
      return { method: 'POST', path: '/v1/proxies', query: {}, body: change.proxy };
    case 'setProxy':
      return { method: 'PUT', path: pathOf(change.name), query: {}, body: change.proxy };
    case 'removeProxy':
      return { method: 'DELETE', path: pathOf(change.name), query: {} };
    case 'addTarget':
      return {
        method: 'POST',
        path: pathOf(change.proxy, 'targets'),
        query: poolQuery(change.pool),
        body: change.target,
      };
    case 'removeTarget':
      return {
        method: 'DELETE',
        path: pathOf(change.proxy, 'targets', change.target),
        query: poolQuery(change.pool),
      };
    case 'setWeights':
      return {
        method: 'PUT',
        path: pathOf(change.proxy, 'weights'),
        query: poolQuery(change.pool),
        body: { weights: change.weights },
      };
    case 'setRateLimits':
      return { method: 'PUT', path: limitsPath(change.proxy), query: {}, body: change.rateLimits };
    case 'clearRateLimits':
      return { method: 'DELETE', path: limitsPath(change.proxy), query: {} };
    case 'addSourceRoute':
      return { method: 'POST', path: pathOf(change.proxy, 'source-routes'), query: {}, body: change.route };
    case 'setSourceRoute':
      return {
        method: 'PUT',
        path: pathOf(change.proxy, 'source-routes', change.source),
        query: {},
        body: change.route,
      };
    case 'removeSourceRoute':
      return { method: 'DELETE', path: pathOf(change.proxy, 'source-routes', change.source), query: {} };
    case 'addSniRoute':
      return { method: 'POST', path: pathOf(change.proxy, 'sni-routes'), query: {}, body: change.route };
    case 'setSniRoute':
      return {
        method: 'PUT',
        path: pathOf(change.proxy, 'sni-routes', change.hostname),
        query: {},
        body: change.route,
      };
    case 'removeSniRoute':
      return { method: 'DELETE', path: pathOf(change.proxy, 'sni-routes', change.hostname), query: {} };
    case 'attachInterfaces':
    case 'detachInterfaces':
      return {
        method: 'POST',
        path: `/v1/interfaces/${change.kind === 'attachInterfaces' ? 'attach' : 'detach'}`,
        query: {},
        body: {
          interfaces: change.interfaces,
          ...(change.proxy === undefined ? {} : { proxy: change.proxy }),
        },
      };
  }
}

/** Path of a proxy or of something in it; names may hold any character. */
function pathOf(proxy: string, ...steps: readonly string[]): string {
  return ['/v1/proxies', ...[proxy, ...steps].map(encodeURIComponent)].join('/');
}

function limitsPath(proxy: string): string {
  return `/v1/rate-limits/${encodeURIComponent(proxy)}`;
}

function poolQuery(pool: string | undefined): Readonly<Record<string, string>> {
  return pool === undefined || pool === DEFAULT_POOL ? {} : { pool };
}
