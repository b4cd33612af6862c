import { beforeAll, describe, expect, it } from 'vitest';
import { fetchMany, httpUrl } from '../../lab/index.ts';
import { Held } from '../support/held.ts';
import { asOnKernel } from '../support/kernel-release.ts';
import { lifecycleConfig, startLifecycleServices } from '../support/lifecycle.ts';
import { forgetDigest, readPinned } from '../support/pinned.ts';
import { configOf, proxy } from '../support/proxies.ts';
import { useScene } from '../support/scene.ts';

/** Debian 12's; TCX came with 6.6. */
const RELEASE = '6.1.0-28-amd64';

describe('on a kernel without TCX, with filters of the clsact qdisc,', () => {
  const scene = useScene({ clients: 1, targets: 2 }, ({ lab }) => startLifecycleServices(lab));
  let wrap: readonly string[];
  beforeAll(async () => {
    wrap = await asOnKernel(RELEASE, scene.lab.directory);
  });

  const config = (settings = {}) =>
    lifecycleConfig({ targets: scene.lab.targets.map((target) => target.v4), settings });

  /** Ids of the programs on an interface, `ingress/ID` and `egress/ID`. */
  async function filters(device: string): Promise<string[]> {
    const found: string[] = [];
    for (const direction of ['ingress', 'egress']) {
      const argv = ['tc', '-j', 'filter', 'show', 'dev', device, direction];
      const rows: { options?: { prog?: { id: number } } }[] = JSON.parse(await scene.lab.balancer.run(argv));
      found.push(
        ...rows.flatMap(({ options }) => (options?.prog ? [`${direction}/${options.prog.id}`] : [])),
      );
    }
    return found;
  }

  const expected = (instance: string) => {
    const { programs } = readPinned(instance);
    return [`ingress/${programs.tc_ingress}`, `egress/${programs.tc_egress}`];
  };

  it('traffic flows, a killed daemon is replaced, and a detach takes the filters away', async () => {
    const { lab } = scene;
    const balancer = await scene.start(config(), { wrap });
    await using held = await Held.open(lab.client(), lab.vip4);
    const { byTarget, errors } = await fetchMany(lab.client(), httpUrl(lab.vip4), { count: 60 });
    expect({ errors, targets: Object.keys(byTarget).sort() }).toEqual({
      errors: {},
      targets: ['target1', 'target2'],
    });
    expect(await filters('front0')).toEqual(expected(balancer.instance));
    expect(readPinned(balancer.instance).links).toEqual({});
    const before = [...(await filters('front0')), ...(await filters('back0'))];

    await held.during(async () => {
      await balancer.crash();
      await balancer.startDaemon();
    });
    expect([...(await filters('front0')), ...(await filters('back0'))]).toEqual(before);

    await held.during(() => balancer.reload(config({ replyInterfaces: 'none' })));
    expect(await filters('back0')).toEqual([]);

    await balancer.stop('SIGINT');
    expect(await filters('front0')).toEqual([]);
  });

  it('programs of another version are replaced in place', async () => {
    const { lab } = scene;
    const balancer = await scene.start(config(), { wrap });
    const before = readPinned(balancer.instance).programs;
    await using held = await Held.open(lab.client(), lab.vip4);
    await held.during(async () => {
      await balancer.crash();
      await forgetDigest(balancer.instance);
      await balancer.startDaemon();
    });
    expect(readPinned(balancer.instance).programs).not.toEqual(before);
    for (const device of ['front0', 'back0']) {
      expect(await filters(device)).toEqual(expected(balancer.instance));
    }
  });

  it('what a dead daemon left is removed by `sluice detach`', async () => {
    const balancer = await scene.start(config(), { wrap });
    await balancer.crash();
    await balancer.close();
    expect([...(await filters('front0')), ...(await filters('back0'))]).toEqual([]);
  });

  it('two instances share an interface', async () => {
    const one = await scene.start(config(), { wrap });
    const web = proxy({ name: 'web', port: 8080, targetPort: 80, targets: [scene.lab.target(0).v4] });
    const two = await scene.start(configOf([web]), { wrap });
    for (const port of [80, 8080]) {
      const { errors } = await fetchMany(scene.lab.client(), httpUrl(scene.lab.vip4, port), { count: 10 });
      expect(errors).toEqual({});
    }
    await one.stop('SIGINT');
    const { errors } = await fetchMany(scene.lab.client(), httpUrl(scene.lab.vip4, 8080), { count: 10 });
    expect(errors).toEqual({});
    expect(await filters('front0')).toEqual(expected(two.instance));
  });
});
