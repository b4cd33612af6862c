import type { ProxyConfig, TargetConfig } from './model.ts';

/** The name of the pool that no route leads to. */
export const DEFAULT_POOL = 'default';

/** A pool of a proxy, by the name that changes and reports give it. */
export interface ConfiguredPool {
  /** `default`, the source of a source route, or the host name of an SNI route. */
  readonly pool: string;
  readonly targets: readonly TargetConfig[];
}

/** Where a proxy has its targets. */
type PoolsOfProxy = Pick<ProxyConfig, 'defaultTargets' | 'sourceRoutes' | 'sniRoutes'>;

/** Every pool of a proxy, the default one first. */
export function configuredPools(proxy: PoolsOfProxy): readonly ConfiguredPool[] {
  return [
    { pool: DEFAULT_POOL, targets: proxy.defaultTargets },
    ...proxy.sourceRoutes.map(({ source, targets }) => ({ pool: source, targets })),
    ...proxy.sniRoutes.map(({ sniHostname, targets }) => ({ pool: sniHostname, targets })),
  ];
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
