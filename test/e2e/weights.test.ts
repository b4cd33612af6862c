import { describe, expect, it } from 'vitest';
import { fetchMany, httpUrl, startNginx } from '../../lab/index.ts';
import {
  bothFamilies,
  configOf,
  expectShares,
  FAMILIES,
  type Family,
  flowsByTarget,
  useScene,
} from '../support/index.ts';

const SHARES = { target1: 50, target2: 30, target3: 20 };
const WAYS = [
  { attach: 'tc', offloads: 'on' },
  { attach: 'tc', offloads: 'off' },
  { attach: 'native', offloads: 'off' },
  { attach: 'generic', offloads: 'off' },
] as const;

describe('1,000 connections', () => {
  const scene = useScene({ targets: 3, clients: 2 }, async (scene) => {
    await Promise.all(scene.lab.targets.map((target) => startNginx(target)));
    await scene.start(config('tc'));
  });

  function config(attach: string) {
    const web = { name: 'web', port: 80, protocol: 'tcp', weights: Object.values(SHARES) } as const;
    return configOf(bothFamilies(scene.lab, web), { attach });
  }

  /** Flows opened until now, by target. */
  async function flowsOf(family: Family): Promise<Readonly<Record<string, number>>> {
    return flowsByTarget(await scene.balancer.admin.status(), `web${family.slice(1)}`);
  }

  // In this order: offloads are turned off and stay so.
  it.each(WAYS)(
    'with attach $attach and offloads $offloads are shared 50/30/20, over IPv4 and over IPv6',
    async ({ attach, offloads }) => {
      const { lab, balancer } = scene;
      if (offloads === 'off') await lab.turnOffloadsOff();
      await balancer.reload(config(attach));
      for (const family of FAMILIES) {
        const before = await flowsOf(family);
        const result = await fetchMany(lab.client(), httpUrl(lab.balancer[family]), { count: 1000 });
        expect(result.errors).toEqual({});
        expectShares(result.byTarget, SHARES);
        const after = Object.entries(await flowsOf(family));
        const flows = after.map(([target, count]) => count - (before[target] ?? 0));
        expect(flows.sort()).toEqual(Object.values(result.byTarget).sort());
      }
    },
  );
});
