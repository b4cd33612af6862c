import type {
  Config,
  ProxyConfig,
  ProxyProtocol,
  RateLimitConfig,
  RateLimitsConfig,
  Settings,
  SourceRouteConfig,
  TargetConfig,
} from '../model.ts';

/** A plain value of a document, as JSON has it. */
export type DocumentValue = string | number | boolean | null | DocumentValue[] | DocumentMap;

/** A map of a document. */
export interface DocumentMap {
  [key: string]: DocumentValue;
}

/** A configuration in the words of a file; reading it gives the same configuration, with the same hash. */
export interface ConfigDocument {
  proxies: DocumentMap[];
  settings: DocumentMap;
}

/** Writes a configuration in the words of a file. What a target or proxy would inherit is left out. */
export function configDocument({ proxies, settings }: Config): ConfigDocument {
  return {
    proxies: proxies.map((proxy) => proxyDocument(proxy, settings)),
    settings: plain(settings),
  };
}

/** Writes one proxy in the words of a file. */
export function proxyDocument(
  proxy: ProxyConfig,
  settings: Pick<Settings, 'healthCheckDefaults' | 'rateLimits' | 'circuitBreaker' | 'loadBalancing'>,
): DocumentMap {
  const { name, listen, mode, algorithm, healthCheck, rateLimits, circuitBreaker, ...rest } = proxy;
  const { defaultTargets, sourceRoutes, sniRoutes, ...others } = rest;
  const { interfaces, addresses, port, protocols, ...otherListen } = listen;
  const check = ownDocument(healthCheck, settings.healthCheckDefaults);
  const limits = limitsDocument(rateLimits, settings.rateLimits);
  const breaker = ownDocument(circuitBreaker, settings.circuitBreaker);
  return {
    name,
    listen: {
      ...(interfaces.length > 0 && { interfaces: [...interfaces] }),
      ...(addresses.length > 0 && { address: [...addresses] }),
      port,
      protocol: protocols.length === 2 ? 'both' : (protocols[0] ?? 'both'),
      ...plain(otherListen),
    },
    mode,
    ...(algorithm !== settings.loadBalancing.algorithm && { algorithm }),
    ...plain(others),
    ...(Object.keys(check).length > 0 && { healthCheck: check }),
    ...(Object.keys(limits).length > 0 && { rateLimits: limits }),
    ...(Object.keys(breaker).length > 0 && { circuitBreaker: breaker }),
    defaultTarget: targetDocuments(defaultTargets, proxy),
    ...(sourceRoutes.length > 0 && {
      sourceRoutes: sourceRoutes.map((route) => routeDocument(route, proxy)),
    }),
    ...(sniRoutes.length > 0 && { sniRoutes: sniRoutes.map((route) => routeDocument(route, proxy)) }),
  };
}

/** What the targets of a pool have that say nothing else. */
type Inherited = Pick<ProxyConfig, 'healthCheck' | 'proxyProtocol'>;
type Route = Pick<SourceRouteConfig, 'targets' | 'proxyProtocol'>;

/** Writes a source route or an SNI route; what it would inherit of its proxy is left out. */
export function routeDocument(route: Route, { healthCheck, proxyProtocol: outer }: Inherited): DocumentMap {
  const { targets, proxyProtocol, ...matched } = route;
  const inner = { healthCheck, ...(proxyProtocol && { proxyProtocol }) };
  return {
    ...plain(matched),
    ...headerDocument(proxyProtocol, outer),
    targets: targetDocuments(targets, inner),
  };
}

function headerDocument(own: ProxyProtocol | undefined, inherited: ProxyProtocol | undefined): DocumentMap {
  return own === inherited ? {} : { proxyProtocol: own ?? 'none' };
}

/** Writes the targets of a pool. Weights are left out where all shares are equal. */
export function targetDocuments(targets: readonly TargetConfig[], inherited: Inherited): DocumentMap[] {
  const named = !sharesAreEqual(targets);
  return targets.map(({ ip, host, port, weight, healthCheck, rateLimit, proxyProtocol, ...others }) => ({
    ...(ip !== undefined && { ip }),
    ...(host !== undefined && { host }),
    port,
    ...(named && { weight }),
    ...plain(others),
    ...(healthCheck && { healthCheck: ownDocument(healthCheck, inherited.healthCheck) }),
    ...(rateLimit !== undefined && { rateLimit: limitDocument(rateLimit) }),
    ...headerDocument(proxyProtocol, inherited.proxyProtocol),
  }));
}

/** Whether a pool is one whose file names no weights: one target with everything, or several with 1 each. */
export function sharesAreEqual(targets: readonly { readonly weight: number }[]): boolean {
  const each = targets.length === 1 ? 100 : 1;
  return targets.every(({ weight }) => weight === each);
}

/** What a map of settings has that it would not inherit. */
function ownDocument<Map extends object>(map: Map, inherited: Map): DocumentMap {
  const known = new Map<string, unknown>(Object.entries(inherited));
  const own = Object.entries(map).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(known.get(key)),
  );
  return plain(Object.fromEntries(own));
}

/** The limits of a proxy that it would not inherit. */
export function limitsDocument(limits: RateLimitsConfig, inherited: RateLimitsConfig): DocumentMap {
  const differs = (key: keyof RateLimitsConfig) =>
    JSON.stringify(limits[key]) !== JSON.stringify(inherited[key]);
  return {
    ...(differs('perSource') && { perSource: limitDocument(limits.perSource) }),
    ...(differs('perBackend') && { perBackend: limitDocument(limits.perBackend) }),
    ...(differs('ipv4PrefixLength') && { ipv4PrefixLength: limits.ipv4PrefixLength }),
    ...(differs('ipv6PrefixLength') && { ipv6PrefixLength: limits.ipv6PrefixLength }),
  };
}

/** One limit; none is written as a rate of 0. */
function limitDocument(limit: RateLimitConfig | null): DocumentMap {
  return limit === null ? { requestsPerSec: 0 } : plain(limit);
}

/** A map as JSON has it; what is null or undefined in the model was not in the file. */
function plain(map: object): DocumentMap {
  const entries = Object.entries(map).flatMap(([key, value]): [string, DocumentValue][] =>
    value === undefined || value === null ? [] : [[key, plainValue(value)]],
  );
  return Object.fromEntries(entries);
}

function plainValue(value: unknown): DocumentValue {
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value === 'object' && value !== null) return plain(value);
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return String(value);
}
