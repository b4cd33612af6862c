import { describe, expect, it } from 'vitest';
import { fetchMany, type Host, httpUrl } from '../../lab/index.ts';
import type { ConfigFile } from '../support/balancer.ts';
import { expectNothingWentDown } from '../support/counters.ts';
import { Held } from '../support/held.ts';
import { lifecycleConfig, startLifecycleServices } from '../support/lifecycle.ts';
import { readPinned } from '../support/pinned.ts';
import { configOf, proxy } from '../support/proxies.ts';
import { useScene } from '../support/scene.ts';
import { Traffic } from '../support/traffic.ts';

const UNHARMED = { errors: {}, switched: 0 };

describe('a reload', () => {
  const scene = useScene({ clients: 2, targets: 3 }, ({ lab }) => startLifecycleServices(lab));
  const addresses = () => scene.lab.targets.map((target) => target.v4);

  /** Names of the targets that answer at least an eighth of a client's new connections. */
  async function answering(client: Host): Promise<string[]> {
    const { byTarget, errors } = await fetchMany(client, httpUrl(scene.lab.vip4), { count: 120 });
    expect(errors).toEqual({});
    const main = Object.entries(byTarget).filter(([, count]) => count >= 15);
    return main.map(([name]) => name).sort();
  }

  it('still lists a removed target while it has open flows', async () => {
    const { lab } = scene;
    const [first = '', second = ''] = addresses();
    const balancer = await scene.start(lifecycleConfig({ targets: [first] }));
    await using held = await Held.open(lab.client(0), lab.vip4, 2);
    await balancer.reload(lifecycleConfig({ targets: [second] }));
    await held.check();
    const listed = (await balancer.admin.stats()).targets.find(({ target }) => target === `${first}:7`);
    expect(listed).toMatchObject({ proxy: 'echo', activeFlows: 4, flows: 4, weight: 0 });
  });

  it('moves new connections at once and no established one, whatever changes', async () => {
    const { lab } = scene;
    const [first = '', second = '', third = ''] = addresses();
    const all = [first, second, third];
    const balancer = await scene.lend(lifecycleConfig({ targets: all, weights: [34, 33, 33] }));
    const before = (await balancer.admin.status()).generation;
    await using held = await Held.open(lab.client(0), lab.vip4, 16);
    await using traffic = new Traffic(lab.client(1), httpUrl(lab.vip4));
    expect(held.targets).toHaveLength(3);

    const steps = [
      { options: { targets: all, weights: [98, 1, 1] }, client1: ['target1'], client2: ['target1'] },
      { options: { targets: [third] }, client1: ['target3'], client2: ['target3'] },
      {
        options: { targets: [third], sourceRoutes: { '10.1.1.0/24': [first] } },
        client1: ['target1'],
        client2: ['target3'],
      },
      {
        options: { targets: [second], sourceRoutes: { '10.1.0.0/16': [third], '10.1.1.1': [second] } },
        client1: ['target2'],
        client2: ['target3'],
      },
      {
        options: { targets: [first, third] },
        client1: ['target1', 'target3'],
        client2: ['target1', 'target3'],
      },
    ] as const;
    for (const { options, client1, client2 } of steps) {
      await held.during(() => balancer.reload(lifecycleConfig(options)));
      expect(await answering(lab.client(0))).toEqual(client1);
      expect(await answering(lab.client(1))).toEqual(client2);
    }
    expect(await traffic.stop()).toMatchObject(UNHARMED);
    expect((await balancer.admin.status()).generation).toBe(before + steps.length);
  });

  it('lets no counter go down, also when targets are removed and put back', async () => {
    const { lab } = scene;
    const all = addresses();
    const balancer = await scene.lend(lifecycleConfig({ targets: all }));
    await using held = await Held.open(lab.client(0), lab.vip4);
    await using traffic = new Traffic(lab.client(1), httpUrl(lab.vip4));
    await traffic.rounds();
    let before = await balancer.admin.stats();
    for (const targets of [all.slice(0, 1), all.slice(1), all]) {
      await balancer.reload(lifecycleConfig({ targets }));
      await held.check();
      await traffic.rounds();
      const after = await balancer.admin.stats();
      expectNothingWentDown(before, after);
      before = after;
    }
  });

  it('of a bad file is refused with its errors, and everything goes on as before', async () => {
    const { lab } = scene;
    const targets = addresses();
    const good = lifecycleConfig({ targets });
    const balancer = await scene.lend(good);
    await using held = await Held.open(lab.client(0), lab.vip4);
    const before = await balancer.admin.status();
    const bad = [
      [lifecycleConfig({ targets: ['10.2.1.300'] }), /config_invalid.*\.json:\d+:\d+/],
      [lifecycleConfig({ targets, interfaces: ['front7'] }), /no such interface: front7/],
      [lifecycleConfig({ targets, weights: [50, 30, 30] }), /config_invalid.*sum.*100/],
    ] as const;
    for (const [config, complaint] of bad) {
      await expect(held.during(() => balancer.reload(config))).rejects.toThrow(complaint);
    }
    const { startedAt, generation, configHash, proxies } = await balancer.admin.status();
    expect({ startedAt, generation, configHash }).toEqual({
      startedAt: before.startedAt,
      generation: before.generation,
      configHash: before.configHash,
    });
    expect(proxies.flatMap((proxy) => proxy.listeners)).toEqual(
      before.proxies.flatMap((proxy) => proxy.listeners),
    );
    expect(await answering(lab.client(0))).toEqual(['target1', 'target2', 'target3']);
  });

  it('that does not fit into the tables is refused, and what was written of it is taken back', async () => {
    const { lab } = scene;
    const [first = ''] = addresses();
    const balancer = await scene.lend(largeConfig(PROXIES_OF_THE_LARGE, [first]));
    const url = httpUrl(lab.vip4, 1000);
    const before = await balancer.admin.status();
    const many = Array.from({ length: 660 }, (_, n) => `10.2.${100 + Math.floor(n / 250)}.${(n % 250) + 1}`);
    await expect(balancer.reload(largeConfig(PROXIES_OF_THE_LARGE, many))).rejects.toThrow(
      /"code":"capacity".*the slots table is full/,
    );
    const { byTarget } = await fetchMany(lab.client(0), url, { count: 20 });
    expect(byTarget).toEqual({ target1: 20 });
    const after = await balancer.admin.status();
    expect(after).toMatchObject({ generation: before.generation, configHash: before.configHash });
    await balancer.reload(largeConfig(2, addresses()));
    expect((await balancer.admin.status()).generation).toBe(before.generation + 1);
  });

  it('attaches and detaches the interfaces of replies without losing one', async () => {
    const { lab } = scene;
    const targets = addresses();
    const balancer = await scene.lend(lifecycleConfig({ targets, settings: { replyInterfaces: 'none' } }));
    await using held = await Held.open(lab.client(0), lab.vip4);
    await using traffic = new Traffic(lab.client(1), httpUrl(lab.vip4));
    for (const replyInterfaces of ['auto', 'none', ['back0'], 'none'] as const) {
      await held.during(() => balancer.reload(lifecycleConfig({ targets, settings: { replyInterfaces } })));
      await traffic.rounds();
      const attached = (await balancer.admin.status()).interfaces.map(({ name }) => name);
      expect(attached).toEqual(replyInterfaces === 'none' ? ['front0'] : ['front0', 'back0']);
      // Each interface has a link for each direction.
      expect(Object.keys(readPinned(balancer.instance).links)).toHaveLength(attached.length * 2);
    }
    expect(await traffic.stop()).toMatchObject(UNHARMED);
  });
});

/** Each with more than 655 targets needs 131,071 slots, and the kernel's table has room for 32 such pools. */
const PROXIES_OF_THE_LARGE = 40;

/** Proxies on ports from 1000 on, all with the same targets. */
function largeConfig(proxies: number, targets: readonly string[]): ConfigFile {
  return configOf(
    Array.from({ length: proxies }, (_, index) =>
      proxy({ name: `web${index}`, port: 1000 + index, protocol: 'tcp', targets, targetPort: 80 }),
    ),
  );
}

describe('a reload to another attach mode', () => {
  const scene = useScene({ clients: 2, targets: 2, offloads: 'off' }, ({ lab }) =>
    startLifecycleServices(lab),
  );

  it('cuts no connection, from any mode to any other', async () => {
    const { lab } = scene;
    const targets = lab.targets.map((target) => target.v4);
    const config = (attach: string) => lifecycleConfig({ targets, settings: { attach } });
    const balancer = await scene.start(config('tc'));
    await using held = await Held.open(lab.client(0), lab.vip4);
    await using traffic = new Traffic(lab.client(1), httpUrl(lab.vip4));
    for (const attach of ['native', 'tc', 'generic', 'native', 'generic', 'tc']) {
      await held.during(() => balancer.reload(config(attach)));
      const modes = (await balancer.admin.status()).interfaces.map(({ mode }) => mode);
      expect(modes).toEqual([attach, attach]);
    }
    await traffic.rounds();
    expect(await traffic.stop()).toMatchObject(UNHARMED);
  });
});
