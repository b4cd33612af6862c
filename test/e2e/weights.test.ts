import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  assertNoLeaks,
  fetchMany,
  httpUrl,
  type KernelSnapshot,
  Lab,
  snapshotKernel,
  startNginx,
} from '../../lab/index.ts';
import { Balancer, expectShares, flowsByTarget, webConfig } from '../support/index.ts';

describe.each([
  { attach: 'tc', offloads: 'on' },
  { attach: 'tc', offloads: 'off' },
  { attach: 'native', offloads: 'off' },
  { attach: 'generic', offloads: 'off' },
] as const)('1,000 connections with attach $attach, offloads $offloads', ({ attach, offloads }) => {
  let before: KernelSnapshot;
  let lab: Lab;

  beforeAll(async () => {
    before = await snapshotKernel();
    lab = await Lab.create({ targets: 3, clients: 2, offloads });
    for (const index of [0, 1, 2]) await startNginx(lab.target(index));
  });

  afterAll(async () => {
    await lab.close();
    await assertNoLeaks(before);
  });

  it('are shared 50/30/20, over IPv4 and over IPv6', async () => {
    for (const family of ['v4', 'v6'] as const) {
      const targets = [0, 1, 2].map((index) => lab.target(index)[family]);
      await using balancer = await Balancer.start(lab, webConfig({ targets, weights: [50, 30, 20], attach }));
      const result = await fetchMany(lab.client(0), httpUrl(lab.balancer[family]), { count: 1000 });
      expect(result.errors).toEqual({});
      expectShares(result.byTarget, { target1: 50, target2: 30, target3: 20 });
      const flows = Object.values(flowsByTarget(await balancer.admin.status()));
      expect([...flows].sort()).toEqual(Object.values(result.byTarget).sort());
    }
  });
});
