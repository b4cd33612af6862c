import { describe, expect, it } from 'vitest';
import { Capture, curl, fetchMany, httpUrl, startNginx } from '../../lab/index.ts';
import { configOf, packetsOf, proxy, useScene } from '../support/index.ts';

describe.each([
  { attach: 'tc', offloads: 'on' },
  { attach: 'native', offloads: 'off' },
] as const)('snat without a way to the target, attach $attach', ({ attach, offloads }) => {
  const scene = useScene({ targets: 1, offloads, targetRoute: 'none' }, async (scene) => {
    const { lab } = scene;
    await startNginx(lab.target());
    await scene.start(
      configOf([proxy({ name: 'web', port: 80, mode: 'snat', targets: [lab.target().v4] })], { attach }),
    );
  });

  it.each([
    { gone: 'route', change: 'route', what: ['10.2.0.0/16', 'dev', 'back0'] },
    { gone: 'address', change: 'address', what: ['10.2.0.1/16', 'dev', 'back0'] },
  ])('sends nothing from 0.0.0.0, and goes on when the $gone is back', async ({ change, what }) => {
    const { lab } = scene;
    const url = httpUrl(lab.vip4);
    const { warnings } = await scene.balancer.admin.status();
    expect(warnings).toEqual([]);
    await using capture = await Capture.start(lab.target(), { interface: 'eth0', filter: 'tcp' });
    await lab.balancer.run(['ip', change, 'delete', ...what]);
    // From here on the balancer knows.
    await expect
      .poll(async () => (await scene.balancer.admin.status()).warnings, { timeout: 5_000 })
      .not.toEqual([]);
    const patient = curl(lab.client(), ['--max-time', '20', url]);
    expect((await curl(lab.client(), ['--connect-timeout', '0.5', url])).code).toBe(28);
    await lab.balancer.run(['ip', change, 'add', ...what]);
    await expect
      .poll(async () => (await scene.balancer.admin.status()).warnings, { timeout: 5_000 })
      .toEqual([]);

    const result = await fetchMany(lab.client(), url, { count: 50 });
    expect(result).toMatchObject({ byTarget: { target1: 50 }, errors: {} });
    expect((await patient).stdout).toContain('target1');
    const sources = packetsOf(await capture.decoded()).map(({ source }) => source);
    expect([...new Set(sources)].sort()).toEqual(['10.2.0.1', lab.target().v4]);
  });
});
