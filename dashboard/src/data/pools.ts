import type { TargetWeightReport } from '../../../src/report/index.ts';
import type { Snapshot } from './store.ts';

/** A pool of a proxy. */
export interface Pool {
  readonly proxy: string;
  /** `default`, or what its route matches. */
  readonly pool: string;
  readonly algorithm: string;
  readonly targets: readonly TargetWeightReport[];
  /** Sum of the configured weights. */
  readonly configured: number;
}

/** The pools of all proxies, in the order of the configuration. */
export function poolsOf({ targets }: Pick<Snapshot, 'targets'>): readonly Pool[] {
  const pools = new Map<string, TargetWeightReport[]>();
  for (const target of targets) {
    const key = JSON.stringify([target.proxy, target.pool]);
    const pool = pools.get(key);
    if (pool === undefined) pools.set(key, [target]);
    else pool.push(target);
  }
  return [...pools.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const { proxy, pool, algorithm } = first;
    const configured = members.reduce((sum, { configuredWeight }) => sum + configuredWeight, 0);
    return [{ proxy, pool, algorithm, targets: members, configured }];
  });
}
