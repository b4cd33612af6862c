import {
  type Config,
  configuredPools,
  formatEndpoint,
  mapTargets,
  type ProxyConfig,
  type TargetConfig,
} from '../config/index.ts';
import type { DnsEndpoint, DnsName } from '../dns/index.ts';

/** What names stand for. */
export type ResolvedHosts = ReadonlyMap<string, readonly DnsEndpoint[]>;

/** The names of a configuration's targets, and where they are. */
export function hostNames(config: Config): DnsName[] {
  return config.proxies.flatMap((proxy) =>
    poolsOf(proxy).flatMap(({ where, targets }) =>
      targets.flatMap(({ host, dnsRefreshSeconds = 0 }) =>
        host === undefined ? [] : [{ hostname: host, refreshSec: dnsRefreshSeconds, where }],
      ),
    ),
  );
}

/**
 * Puts the addresses that names stand for in place of the names; each gets its share of the name's weight. An address
 * that is in a pool twice then (two names, or a name and an `ip`) is one target with both weights. Proxies without names
 * stay the same objects.
 */
export function expandHosts(config: Config, hosts: ResolvedHosts): Config {
  const expand = (targets: readonly TargetConfig[]) =>
    merge(targets.flatMap((target) => expandTarget(target, hosts)));
  return {
    ...config,
    proxies: config.proxies.map((proxy) => (hasNames(proxy) ? mapTargets(proxy, expand) : proxy)),
  };
}

function hasNames(proxy: ProxyConfig): boolean {
  return configuredPools(proxy).some(({ targets }) => targets.some(({ host }) => host !== undefined));
}

function expandTarget(target: TargetConfig, hosts: ResolvedHosts): TargetConfig[] {
  const { host, dnsRefreshSeconds: _, ...rest } = target;
  if (host === undefined) return [target];
  return (hosts.get(host) ?? []).map(({ address, port, share }) => ({
    ...rest,
    ip: address,
    port: port ?? target.port,
    weight: target.weight * share,
  }));
}

function merge(targets: readonly TargetConfig[]): TargetConfig[] {
  const merged = new Map<string, TargetConfig>();
  for (const target of targets) {
    const key = formatEndpoint({ ip: target.ip ?? '', port: target.port });
    const known = merged.get(key);
    merged.set(key, known ? { ...known, weight: known.weight + target.weight } : target);
  }
  return [...merged.values()];
}

function poolsOf(
  proxy: ProxyConfig,
): { readonly where: string; readonly targets: readonly TargetConfig[] }[] {
  const { name, defaultTargets, sourceRoutes, sniRoutes } = proxy;
  return [
    { where: `proxy ${name}, defaultTarget`, targets: defaultTargets },
    ...sourceRoutes.map(({ source, targets }) => ({ where: `proxy ${name}, source ${source}`, targets })),
    ...sniRoutes.map(({ sniHostname, targets }) => ({
      where: `proxy ${name}, sniHostname ${sniHostname}`,
      targets,
    })),
  ];
}
