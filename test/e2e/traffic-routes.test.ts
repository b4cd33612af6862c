import { describe, expect, it } from 'vitest';
import { fetchMany, httpUrl, startNginx, wrk } from '../../lab/index.ts';
import {
  type ConfigFile,
  configOf,
  expectShares,
  FAMILIES,
  flowsByTarget,
  proxy,
  type Scene,
  targetList,
  useScene,
} from '../support/index.ts';

const WEIGHTED = [70, 30];

describe('source routes, nested in each other', () => {
  // The client has 20 addresses, 10.1.1.1 to 10.1.1.20 and fd00:1::1:1 to fd00:1::1:14.
  const scene = useScene({ clients: [{ addresses: 20 }], targets: 4 }, async ({ lab }) => {
    for (const target of lab.targets) await startNginx(target);
    const [t1 = '', t2 = '', t3 = '', t4 = ''] = lab.targets.map(({ v4 }) => v4);
    const [u1 = '', u2 = '', u3 = '', u4 = ''] = lab.targets.map(({ v6 }) => v6);
    const route = (source: string, targets: readonly string[], weights?: readonly number[]): ConfigFile => ({
      source,
      targets: targetList(targets, 80, weights),
    });
    await scene.start(
      configOf([
        proxy({
          name: 'web4',
          address: lab.vip4,
          port: 80,
          targets: [t1],
          sourceRoutes: [
            route('10.1.1.0/28', [t2]),
            route('10.1.1.4', [t3, t4], WEIGHTED),
            route('10.1.1.0/29', [t3]),
          ],
        }),
        proxy({
          name: 'web6',
          address: lab.vip6,
          port: 80,
          targets: [u1],
          sourceRoutes: [
            route('fd00:1::1:0/125', [u3]),
            route('fd00:1::1:4', [u3, u4], WEIGHTED),
            route('fd00:1::1:0/124', [u2]),
          ],
        }),
        // Another proxy on the same address: its routes are its own.
        proxy({ name: 'other', port: 81, targetPort: 80, targets: [t4] }),
      ]),
    );
  });

  const fetchFrom = async (family: 'v4' | 'v6', sources: readonly number[], count: number, port = 80) => {
    const { lab } = scene;
    const addresses = family === 'v4' ? lab.client().addresses4 : lab.client().addresses6;
    const sourceAddresses = sources.map((number) => addresses[number - 1] ?? '');
    const result = await fetchMany(lab.client(), httpUrl(lab.balancer[family], port), {
      count,
      sourceAddresses,
    });
    expect(result.errors).toEqual({});
    return result.byTarget;
  };

  it.each(FAMILIES)('the most specific one wins, in any order of writing (%s)', async (family) => {
    expect(await fetchFrom(family, [16, 17, 20], 60), 'no route').toEqual({ target1: 60 });
    expect(await fetchFrom(family, [8, 9, 15], 60), 'the /28 or /124').toEqual({ target2: 60 });
    expect(await fetchFrom(family, [1, 3, 5, 7], 60), 'the /29 or /125').toEqual({ target3: 60 });
  });

  it.each(FAMILIES)('share by weight among the targets of the route (%s)', async (family) => {
    expectShares(await fetchFrom(family, [4], 600), { target3: 70, target4: 30 });
  });

  it('belong to their own proxy alone', async () => {
    expect(await fetchFrom('v4', [1, 4, 8, 17], 40, 81)).toEqual({ target4: 40 });
  });
});

describe('a pool', () => {
  const scene: Scene = useScene({ targets: 3 }, async ({ lab }) => {
    for (const target of lab.targets) await startNginx(target);
  });
  const start = (weights?: readonly number[]) => {
    const targets = scene.lab.targets.map(({ v4 }) => v4);
    return scene.lend(
      configOf([proxy({ name: 'web', port: 80, targets, ...(weights === undefined ? {} : { weights }) })]),
    );
  };

  it('is shared 50/30/20 under the load of wrk, without an error', async () => {
    const balancer = await start([50, 30, 20]);
    const result = await wrk(scene.lab.client(), httpUrl(scene.lab.vip4), { seconds: 1 });
    expect(result.errors).toBe(0);
    expect(result.requests).toBeGreaterThan(500);
    const [t1 = '', t2 = '', t3 = ''] = scene.lab.targets.map(({ v4 }) => `${v4}:80`);
    const flows = flowsByTarget(await balancer.admin.status());
    expectShares(flows, { [t1]: 50, [t2]: 30, [t3]: 20 });
    const total = Object.values(flows).reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThanOrEqual(result.requests);
  });

  it('without weights is shared equally', async () => {
    await start();
    const { byTarget, errors } = await fetchMany(scene.lab.client(), httpUrl(scene.lab.vip4), { count: 900 });
    expect(errors).toEqual({});
    expectShares(byTarget, { target1: 1, target2: 1, target3: 1 });
  });
});

describe('a pool of 200 targets', () => {
  const COUNT = 4000;
  const scene: Scene = useScene({ targets: 2, addressesPerTarget: 100 }, async ({ lab }) => {
    for (const target of lab.targets) await startNginx(target, { nameByAddress: true });
    const targets = lab.targets.flatMap(({ addresses4 }) => addresses4);
    await scene.start(configOf([proxy({ name: 'web', port: 80, targets })]));
  });

  it('reaches all of them, as evenly as chance does', async () => {
    const { byTarget, errors } = await fetchMany(scene.lab.client(), httpUrl(scene.lab.vip4), {
      count: COUNT,
    });
    expect(errors).toEqual({});
    const known = scene.lab.targets.flatMap(({ addresses4 }) => addresses4);
    expect(Object.keys(byTarget).sort()).toEqual([...known].sort());
    const mean = COUNT / known.length;
    const chiSquare = Object.values(byTarget).reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
    // 199 degrees of freedom: mean 199, standard deviation 20; 5 of those above the mean.
    expect(chiSquare).toBeLessThan(300);
  });
});
