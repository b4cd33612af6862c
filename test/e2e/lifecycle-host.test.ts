import { afterEach, describe, expect, it } from 'vitest';
import { fetchMany, type Host, httpUrl } from '../../lab/index.ts';
import type { Balancer } from '../support/balancer.ts';
import { Held } from '../support/held.ts';
import { lifecycleConfig, startLifecycleServices } from '../support/lifecycle.ts';
import { useScene } from '../support/scene.ts';
import { Traffic } from '../support/traffic.ts';

const UNHARMED = { errors: {}, switched: 0 };

describe('a running balancer follows its host:', () => {
  const scene = useScene({ clients: 2, targets: 2 }, ({ lab }) => startLifecycleServices(lab));
  const addresses = () => scene.lab.targets.map((target) => target.v4);
  const poll = <T>(look: () => Promise<T>) => expect.poll(look, { interval: 50 });

  const listeners = async (balancer: Balancer) =>
    (await balancer.admin.status()).proxies.flatMap((proxy) => proxy.listeners);
  const attached = async (balancer: Balancer) =>
    (await balancer.admin.status()).interfaces.map(({ name, role, mode }) => `${name} ${role} ${mode}`);

  /** Joins the balancer and another host by a link of their own: `NAME` here, `far0` there, 10.NET.0.1 and .2. */
  async function join(other: Host, name: string, net: number): Promise<void> {
    const { balancer } = scene.lab;
    const peer = ['peer', 'name', 'far0', 'netns', other.namespace];
    await balancer.run(['ip', 'link', 'add', name, 'type', 'veth', ...peer]);
    await balancer.run(['ip', 'address', 'add', `10.${net}.0.1/24`, 'dev', name]);
    await other.run(['ip', 'address', 'add', `10.${net}.0.2/24`, 'dev', 'far0']);
    await balancer.run(['ip', 'link', 'set', name, 'up']);
    await other.run(['ip', 'link', 'set', 'far0', 'up']);
    await other.run(['ethtool', '-K', 'far0', 'gro', 'on']);
  }

  afterEach(async () => {
    for (const name of ['extra0', 'other0']) await scene.lab.balancer.exec(['ip', 'link', 'delete', name]);
  });

  it('an address that an interface gets is listened on, and one that it loses no more', async () => {
    const { lab } = scene;
    const balancer = await scene.start(lifecycleConfig({ targets: addresses() }));
    await using held = await Held.open(lab.client(0), lab.vip4);
    const before = await listeners(balancer);
    expect(before).toEqual([`${lab.vip4}:80/tcp`, `${lab.vip4}:7/tcp`, `${lab.vip4}:7/udp`]);

    await lab.balancer.run(['ip', 'address', 'add', '10.1.0.9/16', 'dev', 'front0']);
    await poll(() => listeners(balancer)).toContain('10.1.0.9:80/tcp');
    const { byTarget, errors } = await fetchMany(lab.client(1), httpUrl('10.1.0.9'), { count: 40 });
    expect({ errors, targets: Object.keys(byTarget).sort() }).toEqual({
      errors: {},
      targets: ['target1', 'target2'],
    });

    await held.during(async () => {
      await lab.balancer.run(['ip', 'address', 'delete', '10.1.0.9/16', 'dev', 'front0']);
      await poll(() => listeners(balancer)).toEqual(before);
    });
  });

  it('an interface that goes is let go, and taken again when it is back', async () => {
    const { lab } = scene;
    await join(lab.client(1), 'extra0', 77);
    const interfaces = ['front0', 'extra0'];
    const balancer = await scene.start(lifecycleConfig({ targets: addresses(), interfaces }));
    await using held = await Held.open(lab.client(0), lab.vip4);
    const whole = ['front0 listen tc', 'extra0 listen tc', 'back0 reply tc'];
    const served = async () => (await fetchMany(lab.client(1), httpUrl('10.77.0.1'), { count: 40 })).errors;
    expect(await attached(balancer)).toEqual(whole);
    expect(await served()).toEqual({});

    await held.during(async () => {
      await lab.balancer.run(['ip', 'link', 'delete', 'extra0']);
      await poll(() => attached(balancer)).toEqual([
        'front0 listen tc',
        'back0 reply tc',
        'extra0 listen detached',
      ]);
      expect(await listeners(balancer)).not.toContain('10.77.0.1:80/tcp');
      expect((await balancer.admin.status()).warnings).toContainEqual(
        expect.stringContaining('extra0 is missing'),
      );
    });

    await held.during(async () => {
      await join(lab.client(1), 'extra0', 77);
      await poll(() => attached(balancer)).toEqual(whole);
      await poll(() => listeners(balancer)).toContain('10.77.0.1:80/tcp');
    });
    expect(await served()).toEqual({});
    expect((await balancer.admin.status()).warnings).toEqual([]);
  });

  it('an interface that a route to a target now leads to gets the programs', async () => {
    const { lab } = scene;
    const [target = ''] = addresses();
    await join(lab.target(0), 'other0', 88);
    const balancer = await scene.start(lifecycleConfig({ targets: [target] }));
    await using held = await Held.open(lab.client(0), lab.vip4);
    await using traffic = new Traffic(lab.client(1), httpUrl(lab.vip4));
    expect(await attached(balancer)).toEqual(['front0 listen tc', 'back0 reply tc']);

    await held.during(async () => {
      await lab.target(0).run(['ip', 'route', 'replace', 'default', 'via', '10.88.0.1']);
      await lab.balancer.run(['ip', 'route', 'add', `${target}/32`, 'via', '10.88.0.2']);
      await poll(() => attached(balancer)).toEqual(['front0 listen tc', 'other0 reply tc']);
    });
    await traffic.rounds();
    await held.during(async () => {
      await lab.balancer.run(['ip', 'route', 'delete', `${target}/32`]);
      await lab.target(0).run(['ip', 'route', 'replace', 'default', 'via', '10.2.0.1']);
      await poll(() => attached(balancer)).toEqual(['front0 listen tc', 'back0 reply tc']);
    });
    await traffic.rounds();
    expect(await traffic.stop()).toMatchObject(UNHARMED);
  });

  it('what changes of the host that concerns nothing configured makes no new generation', async () => {
    const { lab } = scene;
    const balancer = await scene.start(lifecycleConfig({ targets: addresses() }));
    await join(lab.client(1), 'extra0', 77);
    await poll(async () => (await lab.balancer.run(['ip', 'link', 'show', 'extra0'])).includes('UP')).toBe(
      true,
    );
    await lab.balancer.run(['ip', 'address', 'add', '10.1.0.9/16', 'dev', 'front0']);
    await poll(() => listeners(balancer)).toContain('10.1.0.9:80/tcp');
    await lab.balancer.run(['ip', 'address', 'delete', '10.1.0.9/16', 'dev', 'front0']);
    await poll(() => listeners(balancer)).not.toContain('10.1.0.9:80/tcp');
    expect((await balancer.admin.status()).generation).toBe(3);
  });
});
