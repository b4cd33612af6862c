import { describe, expect, it } from 'vitest';
import {
  fetchMany,
  httpUrl,
  makeFile,
  SocketAgent,
  startNginx,
  startUdpEcho,
  udpMany,
} from '../../lab/index.ts';
import { bothFamilies, configOf, FAMILIES, useScene } from '../support/index.ts';

describe.each([
  { attach: 'tc', offloads: 'on' },
  { attach: 'native', offloads: 'off' },
] as const)(
  'without programs towards the targets, attach $attach, offloads $offloads',
  ({ attach, offloads }) => {
    const scene = useScene({ targets: 1, offloads }, async (scene) => {
      const { lab } = scene;
      await Promise.all([startNginx(lab.target()), startUdpEcho(lab.target())]);
      const proxies = [80, 7, 9].flatMap((port) => bothFamilies(lab, { name: `port ${port} v`, port }));
      await scene.start(configOf(proxies, { attach, replyInterfaces: 'none' }));
    });

    it.each(FAMILIES)(
      'the kernel routes the replies, and they are rewritten on their way out (%s)',
      async (family) => {
        const url = httpUrl(scene.lab.balancer[family]);
        const before = (await scene.balancer.reasons())['tc_egress/reply'] ?? 0;
        const result = await fetchMany(scene.lab.client(), url, { count: 200 });
        expect(result).toMatchObject({ byTarget: { target1: 200 }, errors: {} });
        const after = (await scene.balancer.reasons())['tc_egress/reply'] ?? 0;
        expect(after - before).toBeGreaterThanOrEqual(600);
        const { interfaces } = await scene.balancer.admin.status();
        expect(interfaces.map(({ name }) => name)).toEqual(['front0']);
      },
    );

    it.each(FAMILIES)('20 MB arrive unchanged (%s)', async (family) => {
      const { lab } = scene;
      const file = await makeFile(lab.target(), 'file', 20 * 1024 * 1024);
      const url = httpUrl(lab.balancer[family], 80, '/files/file');
      const script = `curl --silent --globoff --fail --max-time 30 '${url}' | sha256sum`;
      expect((await lab.client().run(['sh', '-c', script])).split(' ')[0]).toBe(file.sha256);
    });

    it.each(FAMILIES)('UDP conversations stay on their target, also with fragments (%s)', async (family) => {
      for (const sizeBytes of [64, 4000]) {
        const options = { count: 50, messages: 3, sizeBytes };
        const result = await udpMany(scene.lab.client(), scene.lab.balancer[family], 7, options);
        expect(result).toMatchObject({
          byTarget: { target1: 50 },
          lost: 0,
          corrupted: 0,
          switched: 0,
          errors: {},
        });
      }
    });

    it.each(FAMILIES)('refusals arrive, over TCP and UDP (%s)', async (family) => {
      await using agent = new SocketAgent(scene.lab.client());
      const address = scene.lab.balancer[family];
      expect(await agent.begin({ address, port: 9 }).closed()).toBe('ECONNREFUSED');
      const unreachable = await agent.connect({ address, port: 9, protocol: 'udp' });
      unreachable.send('is anybody there?');
      expect(await unreachable.closed()).toBe('ECONNREFUSED');
    });
  },
);

describe('snat, which needs its replies, with replyInterfaces: none', () => {
  const scene = useScene({ targets: 2 }, async (scene) => {
    const { lab } = scene;
    for (const target of lab.targets) await startNginx(target);
    const proxies = bothFamilies(lab, { name: 'web', port: 80, mode: 'snat' });
    await scene.start(configOf(proxies, { replyInterfaces: 'none' }));
  });

  it.each(FAMILIES)(
    'gets them all the same, also for clients on the network of the targets (%s)',
    async (family) => {
      const { lab } = scene;
      for (const host of [lab.client(), lab.target()]) {
        const result = await fetchMany(host, httpUrl(lab.balancer[family]), { count: 50 });
        expect(result.errors).toEqual({});
        expect(Object.keys(result.byTarget).sort()).toEqual(['target1', 'target2']);
      }
    },
  );
});
