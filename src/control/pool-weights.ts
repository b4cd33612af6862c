import { type Algorithm, DEFAULT_POOL, formatEndpoint } from '../config/index.ts';
import type { PoolWeightsReport } from '../report/index.ts';
import { percentShares } from '../weights/index.ts';
import type { DesiredProxy, DesiredState, DesiredTarget } from './desired.ts';
import { FAMILIES, familyOf, ofFamily } from './families.ts';

/** A pool as people know it. */
export interface NamedPool {
  /** `default`, or the source or host name of the route. */
  readonly pool: string;
  readonly algorithm: Algorithm;
  readonly targets: readonly DesiredTarget[];
}

/** The pools of a proxy as they are configured, the default one first, with the targets that its clients can reach. */
export function poolsOfBothFamilies(proxy: DesiredProxy): readonly NamedPool[] {
  return [
    { pool: DEFAULT_POOL, algorithm: proxy.algorithm, targets: proxy.defaultTargets },
    ...proxy.sourceRoutes.map(({ source, algorithm, targets }) => ({
      pool: source,
      algorithm,
      targets: ofFamily(familyOf(source), targets),
    })),
    ...proxy.sniRoutes.map(({ name, algorithm, targets }) => ({ pool: name, algorithm, targets })),
  ];
}

/** The pools of a proxy, the default ones first. Each IP version has its own; with targets of both, they are named so. */
export function poolsOf(proxy: DesiredProxy): readonly NamedPool[] {
  return poolsOfBothFamilies(proxy).flatMap(({ pool, algorithm, targets }) => {
    const families = FAMILIES.map((family) => ({ family, targets: ofFamily(family, targets) }));
    const filled = families.filter((each) => each.targets.length > 0);
    if (filled.length < 2) return [{ pool, algorithm, targets }];
    return filled.map((each) => ({ pool: `${pool} IPv${each.family}`, algorithm, targets: each.targets }));
  });
}

/** `10.0.0.1:8080`. */
export function targetName({ address, port }: DesiredTarget): string {
  return formatEndpoint({ ip: address, port });
}

/** A pool's weights as configured and as they are, percent. */
export function poolWeights({ pool, targets }: NamedPool): PoolWeightsReport {
  return {
    pool,
    targets: targets.map(targetName),
    originalWeights: percentShares(targets.map((target) => target.configuredWeight)),
    effectiveWeights: percentShares(targets.map((target) => target.weight)),
  };
}

/** The pools that were there before with the same targets and other effective weights. */
export function changedPools(
  before: DesiredState,
  after: DesiredState,
): readonly { readonly proxy: string; readonly pool: NamedPool }[] {
  const old = new Map(before.proxies.map((proxy) => [proxy.name, proxy]));
  return after.proxies.flatMap((proxy) => {
    const was = old.get(proxy.name);
    if (was === undefined || hasSameWeights(was, proxy)) return [];
    const pools = new Map(poolsOf(was).map((pool) => [pool.pool, pool]));
    return poolsOf(proxy)
      .filter((pool) => isShifted(pools.get(pool.pool), pool))
      .map((pool) => ({ proxy: proxy.name, pool }));
  });
}

/** Tells soon of most proxies that nothing has shifted: pool by pool they have the same list of weights. */
function hasSameWeights(before: DesiredProxy, after: DesiredProxy): boolean {
  const pools = poolsOfBothFamilies(before);
  return poolsOfBothFamilies(after).every(({ pool, targets }, index) => {
    const was = pools[index];
    if (was?.pool !== pool || was.targets.length !== targets.length) return false;
    return targets.every(({ weight }, place) => was.targets[place]?.weight === weight);
  });
}

function isShifted(before: NamedPool | undefined, after: NamedPool): boolean {
  if (before === undefined || before.targets.length !== after.targets.length) return false;
  const pairs = after.targets.map((target, index) => ({ target, was: before.targets[index] }));
  const isSame = pairs.every(
    ({ target, was }) => was?.address === target.address && was.port === target.port,
  );
  if (!isSame || pairs.every(({ target, was }) => was?.weight === target.weight)) return false;
  return pairs.some(({ target, was }) => was !== undefined && !hasSameCauses(was, target));
}

/** Whether two targets have the same weight but for the open connections: load alone is no news, it changes all the time. */
function hasSameCauses(a: DesiredTarget, b: DesiredTarget): boolean {
  return a.configuredWeight === b.configuredWeight && causesOf(a) === causesOf(b);
}

function causesOf({ factors: { load: _, ...others } }: DesiredTarget): string {
  return JSON.stringify(Object.values(others).map(({ value }) => value));
}
