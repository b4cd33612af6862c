import { describe, expect, it } from 'vitest';
import { fetchMany, httpUrl, startNginx } from '../../lab/index.ts';
import { bothFamilies, configOf, FAMILIES, ownAddress, proxy, useScene } from '../support/index.ts';

describe.each([
  { attach: 'tc', offloads: 'on' },
  { attach: 'native', offloads: 'off' },
] as const)('a host that forwards nothing, attach $attach', ({ attach, offloads }) => {
  const forwarding = { 'net.ipv4.ip_forward': 0, 'net.ipv6.conf.all.forwarding': 0 };
  const scene = useScene({ targets: 0, offloads, balancerSysctls: forwarding }, async (scene) => {
    const { lab } = scene;
    await startNginx(lab.balancer, { name: 'here', port: 8080 });
    const proxies = FAMILIES.map((family) =>
      proxy({
        name: `web ${family}`,
        address: lab.balancer[family],
        port: 80,
        targetPort: 8080,
        targets: [ownAddress(lab.balancer, 'back0', family)],
      }),
    );
    await scene.start(configOf(proxies, { attach }));
  });

  it.each(FAMILIES)('serves clients by targets of its own (%s)', async (family) => {
    const { lab } = scene;
    const result = await fetchMany(lab.client(), httpUrl(lab.balancer[family]), { count: 50 });
    expect(result).toMatchObject({ byTarget: { here: 50 }, errors: {} });
    expect((await scene.balancer.reasons())['tc_ingress/forwarding_disabled']).toBeUndefined();
  });
});

describe('snat with replyInterfaces: none', () => {
  const scene = useScene({ targets: 1, targetRoute: 'none' }, async (scene) => {
    await startNginx(scene.lab.target());
    const proxies = bothFamilies(scene.lab, { name: 'web', port: 80, mode: 'snat' });
    await scene.start(configOf(proxies, { replyInterfaces: 'none' }));
  });

  it.each(FAMILIES)(
    'works: the interface of its targets has the programs all the same (%s)',
    async (family) => {
      const { lab } = scene;
      const { interfaces } = await scene.balancer.admin.status();
      expect(interfaces.map(({ name, role }) => `${name} ${role}`)).toEqual(['front0 listen', 'back0 reply']);
      const result = await fetchMany(lab.client(), httpUrl(lab.balancer[family]), { count: 50 });
      expect(result).toMatchObject({ byTarget: { target1: 50 }, errors: {} });
    },
  );
});
