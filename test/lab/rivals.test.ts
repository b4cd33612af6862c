import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  fetchMany,
  hasIpvs,
  httpUrl,
  Lab,
  type RivalSpec,
  startHaproxy,
  startIpvs,
  startNftDnat,
  startNginx,
  startNginxStream,
} from '../../lab/index.ts';

const ipvs = await hasIpvs();

describe.each([
  ['HAProxy', startHaproxy, true],
  ['nginx stream', startNginxStream, true],
  ['nftables DNAT', startNftDnat, true],
  ['IPVS (which needs ipvsadm and a kernel with ip_vs)', startIpvs, ipvs],
] as const)('%s as another balancer', (_name, start, available) => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.create({ targets: 2 });
    await Promise.all(lab.targets.map((target) => startNginx(target, { port: 8080 })));
  });
  afterAll(() => lab.close());

  it.runIf(available).each(['v4', 'v6'] as const)(
    'spreads connections by weight over %s and goes away',
    async (family) => {
      const listen = { address: family === 'v4' ? lab.vip4 : lab.vip6, port: 80 };
      const targets = lab.targets.map((target, index) => ({
        address: target[family],
        port: 8080,
        weight: index === 0 ? 3 : 1,
      }));
      const spec: RivalSpec = { listen, targets };
      const rival = await start(lab.balancer, spec);
      const { byTarget, errors } = await fetchMany(lab.client(), httpUrl(listen.address), { count: 400 });
      expect(errors).toEqual({});
      expect(byTarget.target1).toBeGreaterThan(260);
      expect(byTarget.target2).toBeGreaterThan(60);
      await rival.close();
      const after = await fetchMany(lab.client(), httpUrl(listen.address), { count: 2 });
      expect(after.errors).toEqual({ ECONNREFUSED: 2 });
    },
  );
});
