import { expect } from 'vitest';
import type { TargetHealthReport } from '../../src/report/index.ts';
import type { Balancer, ConfigFile } from './balancer.ts';

/** The quickest checks that there are: a dead target is out within two intervals and a timeout. */
export const QUICK: ConfigFile = {
  type: 'tcp',
  intervalMs: 1000,
  timeoutMs: 500,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  // Who wants to see what checks find must not see what clients find.
  passive: false,
};

/** The longest time from the death of a target to its share being zero, with some for the weights to be written. */
export const QUICK_LOSS_MS = 2 * 1000 + 500 + 400;

/** Settings with {@link QUICK} checks. */
export const checkedSettings = (more: ConfigFile = {}): ConfigFile => ({
  healthCheckEnabled: true,
  healthCheckDefaults: { ...QUICK, ...more },
});

/** Shares of a proxy's default pool, percent. */
export async function sharesOf(balancer: Balancer, proxy = 'web'): Promise<readonly number[]> {
  const { targets } = await balancer.admin.targets();
  return targets
    .filter((each) => each.proxy === proxy && each.pool === 'default')
    .map((each) => each.sharePercent);
}

/** Waits until a proxy's shares are these; returns how long it took. */
export async function untilShares(
  balancer: Balancer,
  shares: readonly number[],
  timeoutMs: number,
  proxy = 'web',
): Promise<number> {
  const started = performance.now();
  await expect.poll(() => sharesOf(balancer, proxy), { timeout: timeoutMs, interval: 20 }).toEqual(shares);
  return performance.now() - started;
}

/** What is known of a proxy's targets. */
export async function healthOf(balancer: Balancer, proxy = 'web'): Promise<readonly TargetHealthReport[]> {
  const [report] = (await balancer.admin.health(proxy)).proxies;
  return report?.targets ?? [];
}

/** Waits until every target of every proxy was checked. */
export async function untilChecked(balancer: Balancer, timeoutMs = 5000): Promise<void> {
  const unchecked = async () => {
    const { proxies } = await balancer.admin.health();
    return proxies.flatMap(({ targets }) => targets).filter(({ lastCheckedAt }) => lastCheckedAt === null);
  };
  await expect.poll(unchecked, { timeout: timeoutMs, interval: 50 }).toEqual([]);
}
