import { describe, expect, it } from 'vitest';
import { startUdpEcho, udpMany } from '../../lab/index.ts';
import { bothFamilies, configOf, FAMILIES, useScene } from '../support/index.ts';

const MODES = FAMILIES.flatMap((family) => [
  { family, mode: 'nat', port: 7 },
  { family, mode: 'snat', port: 70 },
]);

describe.each([
  { attach: 'tc', offloads: 'on' },
  { attach: 'native', offloads: 'off' },
] as const)('datagrams in fragments, attach $attach', ({ attach, offloads }) => {
  const scene = useScene({ targets: 3, offloads }, async (scene) => {
    const { lab } = scene;
    for (const target of lab.targets) await startUdpEcho(target);
    await scene.start(
      configOf(
        [
          ...bothFamilies(lab, { name: 'nat', port: 7 }),
          ...bothFamilies(lab, { name: 'snat', port: 70, targetPort: 7, mode: 'snat' }),
        ],
        { attach },
      ),
    );
  });

  it.each(MODES)('arrive whole and stay on their target ($mode, $family)', async ({ family, port }) => {
    const result = await udpMany(scene.lab.client(), scene.lab.balancer[family], port, {
      count: 100,
      messages: 3,
      sizeBytes: 8000,
    });
    expect(result).toMatchObject({ lost: 0, corrupted: 0, switched: 0, errors: {} });
    expect(Object.keys(result.byTarget).sort()).toEqual(['target1', 'target2', 'target3']);
  });

  it('may be as large as UDP can be', async () => {
    const result = await udpMany(scene.lab.client(), scene.lab.vip4, 7, { count: 3, sizeBytes: 65_400 });
    expect(result).toMatchObject({ lost: 0, corrupted: 0, errors: {} });
  });
});

describe.each([
  { where: 'behind', routers: { back: { mtu: 1400 } } },
  { where: 'in front of', routers: { front: { mtu: 1400 } } },
])('a narrow link $where the balancer', ({ routers }) => {
  const scene = useScene({ targets: 1, routers }, async (scene) => {
    const { lab } = scene;
    await startUdpEcho(lab.target());
    await scene.start(
      configOf([
        ...bothFamilies(lab, { name: 'nat', port: 7 }),
        ...bothFamilies(lab, { name: 'snat', port: 70, targetPort: 7, mode: 'snat' }),
      ]),
    );
  });

  it.each(MODES)('lets fragments through ($mode, $family)', async ({ family, port }) => {
    const ask = (count: number, timeoutMs?: number) =>
      udpMany(scene.lab.client(), scene.lab.balancer[family], port, {
        count,
        sizeBytes: 8000,
        ...(timeoutMs && { timeoutMs }),
      });
    // IPv6 is not fragmented on its way: the first datagram of each direction is lost and teaches its sender.
    if (family === 'v6') for (const _direction of ['request', 'answer']) await ask(1, 500);
    expect(await ask(20)).toMatchObject({ lost: 0, corrupted: 0, errors: {} });
  });
});
