import { type Algorithm, formatEndpoint, type ProxyConfig, type TargetConfig } from '../config/index.ts';
import type { TargetName } from '../report/index.ts';
import { type Factor, type Load, nextLoads } from '../weights/index.ts';
import type { DesiredProxy, DesiredState, DesiredTarget } from './desired.ts';
import { FAMILIES, ofFamily } from './families.ts';
import { type NamedPool, poolsOfBothFamilies, targetName } from './pool-weights.ts';

/** A pool of a proxy: its default one, or that of a route. */
export interface PoolName {
  /** `default`, or the source or host name of the route. */
  readonly pool: string;
  readonly algorithm: Algorithm;
}

/** What is known of a target in a pool. */
interface Watched {
  readonly load: Load;
  readonly factor: Factor;
}

const FAIR = 'no more open than its share';
const NOT_COUNTED: Factor = { value: 1, reason: 'open connections do not count' };
const UNKNOWN: Factor = { value: 1, reason: FAIR };

/** After so many equal counts factors are as good as where these lead: each goes half of the way that is left. */
const COUNTS_TO_SETTLE = 16;

/** Follows the open connections of targets in pools by least connections. */
export class LoadWatch {
  /** By proxy and pool, then by target. */
  #pools: ReadonlyMap<string, ReadonlyMap<string, Watched>> = new Map();

  /** What a target's open connections leave of its weight in a pool. */
  factor(
    { name }: Pick<ProxyConfig, 'name'>,
    { ip = '', port }: TargetConfig,
    { pool, algorithm }: PoolName,
  ): Factor {
    if (algorithm !== 'least-connections') return NOT_COUNTED;
    return this.#pools.get(poolKey(name, pool))?.get(formatEndpoint({ ip, port }))?.factor ?? UNKNOWN;
  }

  /** The targets whose connections must be counted. */
  targets({ proxies }: DesiredState): readonly TargetName[] {
    return proxies.flatMap((proxy) => {
      const names = poolsByLoad(proxy).flatMap(({ targets }) => targets.map(targetName));
      return [...new Set(names)].map((target) => ({ proxy: proxy.name, target }));
    });
  }

  /**
   * Takes over from an earlier watch: what is open was balanced by it, so factors begin where these counts lead. A watch that
   * began with equal ones would send the most loaded target a burst.
   */
  takeOver(...counted: Parameters<LoadWatch['update']>): void {
    for (let count = 0; count < COUNTS_TO_SETTLE; count++) this.update(...counted);
  }

  /**
   * Notes the open connections of {@link targets}; true when some factor has changed.
   * @param weighted whether targets may have connections in proportion to their weights; all alike otherwise
   */
  update({ proxies }: DesiredState, openOf: (target: TargetName) => number, weighted: boolean): boolean {
    const before = this.#pools;
    const entries = proxies.flatMap((proxy) =>
      poolsByLoad(proxy).map(({ pool, targets }) => {
        const key = poolKey(proxy.name, pool);
        const open = (target: DesiredTarget) => openOf({ proxy: proxy.name, target: targetName(target) });
        return [key, watchPool(targets, open, before.get(key) ?? new Map(), weighted)] as const;
      }),
    );
    this.#pools = new Map(entries);
    return entries.some(([key, pool]) => !sameFactors(before.get(key), pool));
  }
}

function poolKey(proxy: string, pool: string): string {
  return `${proxy} ${pool}`;
}

/** The pools of a proxy that go by open connections. */
function poolsByLoad(proxy: DesiredProxy): readonly NamedPool[] {
  return poolsOfBothFamilies(proxy).filter(({ algorithm }) => algorithm === 'least-connections');
}

/** Each IP version is a pool of its own. */
function watchPool(
  targets: readonly DesiredTarget[],
  openOf: (target: DesiredTarget) => number,
  before: ReadonlyMap<string, Watched>,
  weighted: boolean,
): ReadonlyMap<string, Watched> {
  const smallest = Math.min(...targets.map(({ configuredWeight }) => configuredWeight));
  return new Map(
    FAMILIES.flatMap((family) => {
      const members = ofFamily(family, targets);
      const loaded = members.map((target) => ({
        open: openOf(target),
        size: weighted ? target.configuredWeight : 1,
        inService: isInService(target),
      }));
      const loads = nextLoads(
        loaded,
        members.map((target) => before.get(targetName(target))?.load),
      );
      return members.flatMap((target, index) => {
        const load = loads[index];
        if (load === undefined) return [];
        // Without weights every target counts as the lightest one does.
        const scale = weighted ? 1 : smallest / target.configuredWeight;
        const value = load.factor * scale;
        const was = before.get(targetName(target))?.factor;
        const reason = reasonOf(load, loaded[index]?.open ?? 0, weighted);
        return [
          [targetName(target), { load, factor: was?.value === value ? was : { value, reason } }] as const,
        ];
      });
    }),
  );
}

/** A target that something else takes out of service is no measure for the others. */
function isInService({ factors: { load: _, ...others } }: DesiredTarget): boolean {
  return Object.values(others).every(({ value }) => value > 0);
}

function reasonOf({ factor, fair }: Load, open: number, weighted: boolean): string {
  const counts = factor === 1 ? FAIR : `${open} open, its share would be ${Math.round(fair)}`;
  return weighted ? counts : `${counts}; weights do not count`;
}

function sameFactors(
  before: ReadonlyMap<string, Watched> | undefined,
  after: ReadonlyMap<string, Watched>,
): boolean {
  return [...after].every(
    ([target, { factor }]) => (before?.get(target)?.factor.value ?? 1) === factor.value,
  );
}
