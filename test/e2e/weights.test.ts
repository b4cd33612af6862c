import { describe, expect, it } from 'vitest';
import { fetchMany, httpUrl, startNginx } from '../../lab/index.ts';
import { bothFamilies, configOf, expectShares, FAMILIES, flowsByTarget, useScene } from '../support/index.ts';

const ATTACHMENTS = [
  { offloads: 'on', attachments: ['tc'] },
  { offloads: 'off', attachments: ['tc', 'native', 'generic'] },
] as const;

describe.each(ATTACHMENTS)('1,000 connections, offloads $offloads', ({ offloads, attachments }) => {
  const scene = useScene({ targets: 3, clients: 2, offloads }, ({ lab }) =>
    Promise.all(lab.targets.map((target) => startNginx(target))),
  );

  it.each(attachments)('with attach %s are shared 50/30/20, over IPv4 and over IPv6', async (attach) => {
    const { lab } = scene;
    const proxies = bothFamilies(lab, { name: 'web', port: 80, protocol: 'tcp', weights: [50, 30, 20] });
    const balancer = await scene.start(configOf(proxies, { attach }));
    for (const family of FAMILIES) {
      const result = await fetchMany(lab.client(), httpUrl(lab.balancer[family]), { count: 1000 });
      expect(result.errors).toEqual({});
      expectShares(result.byTarget, { target1: 50, target2: 30, target3: 20 });
      const flows = Object.values(flowsByTarget(await balancer.admin.status(), `web${family.slice(1)}`));
      expect([...flows].sort()).toEqual(Object.values(result.byTarget).sort());
    }
  });
});
