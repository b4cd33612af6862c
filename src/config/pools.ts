import type { ProxyConfig, ProxyProtocol, SourceRouteConfig, TargetConfig } from './model.ts';

/** The name of the pool that no route leads to. */
export const DEFAULT_POOL = 'default';

/** A pool of a proxy, by the name that changes and reports give it. */
export interface ConfiguredPool {
  /** `default`, the source of a source route, or the host name of an SNI route. */
  readonly pool: string;
  readonly targets: readonly TargetConfig[];
  /** Of targets that come to it and say nothing else. */
  readonly proxyProtocol: ProxyProtocol | undefined;
}

/** Where a proxy has its targets. */
type PoolsOfProxy = Pick<ProxyConfig, 'defaultTargets' | 'sourceRoutes' | 'sniRoutes' | 'proxyProtocol'>;

/** Every pool of a proxy, the default one first. */
export function configuredPools(proxy: PoolsOfProxy): readonly ConfiguredPool[] {
  return [
    { pool: DEFAULT_POOL, targets: proxy.defaultTargets, proxyProtocol: proxy.proxyProtocol },
    ...proxy.sourceRoutes.map((route) => routePool(route.source, route)),
    ...proxy.sniRoutes.map((route) => routePool(route.sniHostname, route)),
  ];
}

function routePool(
  pool: string,
  { targets, proxyProtocol }: Pick<SourceRouteConfig, 'targets' | 'proxyProtocol'>,
): ConfiguredPool {
  return { pool, targets, proxyProtocol };
}

/** The targets of every pool of a proxy; who is in several pools comes several times. */
export function configuredTargets(proxy: PoolsOfProxy): readonly TargetConfig[] {
  return configuredPools(proxy).flatMap(({ targets }) => targets);
}

/** A proxy with what `change` makes of the targets of each of its pools. */
export function mapTargets<Proxy extends PoolsOfProxy>(
  proxy: Proxy,
  change: (targets: readonly TargetConfig[]) => readonly TargetConfig[],
): Proxy {
  return {
    ...proxy,
    defaultTargets: change(proxy.defaultTargets),
    sourceRoutes: proxy.sourceRoutes.map((route) => ({ ...route, targets: change(route.targets) })),
    sniRoutes: proxy.sniRoutes.map((route) => ({ ...route, targets: change(route.targets) })),
  };
}
