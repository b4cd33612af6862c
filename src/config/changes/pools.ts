import { SluiceError } from '../../errors/index.ts';
import { parsePrefix } from '../address.ts';
import { formatEndpoint, parseEndpoint } from '../endpoint.ts';
import type { ProxyConfig, TargetConfig } from '../model.ts';
import { targetName } from '../parts/pool.ts';
import { type ConfiguredPool, configuredPools, DEFAULT_POOL } from '../pools.ts';
import type { OfPool } from './change.ts';

/** One pool of a proxy. @throws SluiceError `not_found` */
export function findPool(proxy: ProxyConfig, name: string | undefined): ConfiguredPool {
  const pools = configuredPools(proxy);
  const wanted = name === undefined ? DEFAULT_POOL : canonicalPool(name);
  const found = pools.find(({ pool }) => pool === wanted);
  if (found !== undefined) return found;
  throw new SluiceError('not_found', `proxy ${proxy.name} has no pool ${name}`, {
    fix: `it has: ${pools.map(({ pool }) => pool).join(', ')}`,
  });
}

/** A proxy with other targets in one of its pools. */
export function withTargets(
  proxy: ProxyConfig,
  { pool }: ConfiguredPool,
  targets: readonly TargetConfig[],
): ProxyConfig {
  if (pool === DEFAULT_POOL) return { ...proxy, defaultTargets: targets };
  return {
    ...proxy,
    sourceRoutes: proxy.sourceRoutes.map((route) => (route.source === pool ? { ...route, targets } : route)),
    sniRoutes: proxy.sniRoutes.map((route) => (route.sniHostname === pool ? { ...route, targets } : route)),
  };
}

/** Where a target is in a pool. @throws SluiceError `not_found` */
export function findTarget({ proxy }: OfPool, { pool, targets }: ConfiguredPool, name: string): number {
  const wanted = canonicalTarget(name);
  const index = targets.findIndex((target) => targetName(target) === wanted);
  if (index >= 0) return index;
  throw new SluiceError('not_found', `pool ${pool} of proxy ${proxy} has no target ${name}`, {
    fix: `it has: ${targets.map(targetName).join(', ')}`,
  });
}

/** A source as the model has it; what is none stays as it is. */
export function canonicalSource(text: string): string {
  const prefix = parsePrefix(text);
  return 'problem' in prefix ? text : prefix.text;
}

function canonicalPool(text: string): string {
  return canonicalSource(text).toLowerCase();
}

/** `[FD00::1]:80` and `Name.example:80` as the model has them. */
function canonicalTarget(text: string): string {
  try {
    return formatEndpoint(parseEndpoint(text));
  } catch {
    return text.toLowerCase();
  }
}
