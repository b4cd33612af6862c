import { describe, expect, it } from 'vitest';
import { fetchMany, type Host, httpUrl, startNginx, startTcpEcho, startUdpEcho } from '../../lab/index.ts';
import { ECHO_PORT, Held } from '../support/held.ts';
import { type ConfigFile, configOf, proxy, useScene } from '../support/index.ts';

describe('how targets are chosen', () => {
  const scene = useScene({ targets: 3, clients: 4 }, async ({ lab }) => {
    for (const target of lab.targets) {
      await Promise.all([startNginx(target), startTcpEcho(target), startUdpEcho(target)]);
    }
  });
  const proxyTo = (name: string, port: number, more: ConfigFile, weights?: readonly number[]) => {
    const targets = scene.lab.targets.map(({ v4 }) => v4);
    return { ...proxy({ name, port, targets, ...(weights ? { weights } : {}) }), ...more };
  };
  const config = (more: ConfigFile, weights?: readonly number[]) =>
    configOf([proxyTo('web', 80, more, weights), proxyTo('echo', ECHO_PORT, more, weights)]);
  const fetchFrom = async (client: Host, count = 60) => {
    const { byTarget, errors } = await fetchMany(client, httpUrl(scene.lab.vip4), { count });
    expect(errors).toEqual({});
    return byTarget;
  };
  /** The target of each client, who must have one only. */
  const homes = async () => {
    const all = await Promise.all(scene.lab.clients.map((client) => fetchFrom(client)));
    return all.map((byTarget) => {
      expect(Object.keys(byTarget)).toHaveLength(1);
      return Object.keys(byTarget)[0] ?? '';
    });
  };

  it('round robin is exact to one connection, of clients that come at the same time', async () => {
    await scene.lend(config({ algorithm: 'round-robin' }));
    expect(Object.values(await fetchFrom(scene.lab.client(), 100)).sort()).toEqual([33, 33, 34]);
    const counts: Record<string, number> = {};
    for (const byTarget of await Promise.all(scene.lab.clients.map((client) => fetchFrom(client, 250)))) {
      for (const [name, count] of Object.entries(byTarget)) counts[name] = (counts[name] ?? 0) + count;
    }
    expect(Object.values(counts).sort()).toEqual([333, 333, 334]);
  });

  it('round robin goes on where it was, and by weight, after a reload', async () => {
    const balancer = await scene.lend(config({ algorithm: 'round-robin' }, [50, 30, 20]));
    expect(await fetchFrom(scene.lab.client(), 100)).toEqual({ target1: 50, target2: 30, target3: 20 });
    await balancer.reload(config({ algorithm: 'round-robin' }, [20, 20, 60]));
    expect(await fetchFrom(scene.lab.client(), 100)).toEqual({ target1: 20, target2: 20, target3: 60 });
  });

  it('session persistence keeps a client on its target: over ports, protocols, a reload and a crash', async () => {
    const { lab } = scene;
    const balancer = await scene.lend(config({ sessionPersistence: true }));
    const before = await homes();
    expect(new Set(before).size).toBeGreaterThan(1);
    for (const client of lab.clients) {
      await using held = await Held.open(client, lab.vip4, 5);
      expect(held.targets).toHaveLength(1);
      await held.check();
    }
    const other = proxyTo('other', 81, { algorithm: 'maglev' });
    const { proxies } = config({ sessionPersistence: true });
    await balancer.reload({ proxies: [other, ...(Array.isArray(proxies) ? proxies : [])], settings: {} });
    expect(await homes()).toEqual(before);
    await balancer.crash();
    await balancer.startDaemon();
    expect(await homes()).toEqual(before);
  });

  it('session persistence moves only the clients of a target that is drained, and brings them back', async () => {
    const { lab } = scene;
    const balancer = await scene.lend(config({ sessionPersistence: true }));
    const before = await homes();
    const gone = before[0] ?? '';
    const address = `${lab.targets.find(({ name }) => name === gone)?.v4}:80`;
    await balancer.admin.setTargetState('web', address, 'drain');
    const meanwhile = await homes();
    expect(meanwhile).not.toContain(gone);
    expect(meanwhile.filter((_, client) => before[client] !== gone)).toEqual(
      before.filter((name) => name !== gone),
    );
    await balancer.admin.setTargetState('web', address, 'ready');
    expect(await homes()).toEqual(before);
  });

  it('Maglev spreads the connections of one client', async () => {
    const balancer = await scene.lend(config({ algorithm: 'maglev' }));
    expect(Object.keys(await fetchFrom(scene.lab.client(), 200)).sort()).toEqual([
      'target1',
      'target2',
      'target3',
    ]);
    const { targets } = await balancer.admin.targets();
    expect(new Set(targets.map(({ algorithm }) => algorithm))).toEqual(new Set(['maglev']));
    expect((await balancer.sluice('status')).stdout).toContain('maglev');
  });

  it('least connections sends new ones elsewhere while one target has all the long ones, until it evens out', async () => {
    const { lab } = scene;
    const { proxies } = config({ algorithm: 'least-connections' });
    const balancer = await scene.start({ proxies, settings: { loadBalancing: { updateIntervalMs: 100 } } });
    const addresses = lab.targets.map(({ v4 }) => `${v4}:${ECHO_PORT}`);
    const echo = async () => (await balancer.admin.targets()).targets.filter(({ proxy }) => proxy === 'echo');
    const openFlows = async () => (await echo()).map(({ activeFlows }) => activeFlows);
    const [first = '', ...others] = addresses;
    for (const address of others) await balancer.admin.setTargetState('echo', address, 'drain');
    await using pinned = await Held.open(lab.client(), lab.vip4, 50);
    expect(pinned.targets).toEqual(['target1']);
    for (const address of others) await balancer.admin.setTargetState('echo', address, 'ready');
    await expect
      .poll(async () => (await echo())[0]?.factors.load.value, { timeout: 30_000 })
      .toBeLessThan(0.15);
    expect((await echo())[0]).toMatchObject({
      algorithm: 'least-connections',
      target: first,
      factors: { load: { reason: expect.stringMatching(/^100 open, its share would be 33$/) } },
    });
    expect((await balancer.sluice('targets')).stdout).toContain('100 open, its share would be 33');

    // Random choice would give it 33 of the next 100; with the factor, which rises as the others fill, some 11.
    await using more = await Held.open(lab.client(1), lab.vip4, 50);
    const soon = await openFlows();
    expect((soon[0] ?? 0) - 100).toBeLessThan(25);
    await using yetMore = await Held.open(lab.client(2), lab.vip4, 50);
    const later = await openFlows();
    expect(Math.max(...later) / Math.min(...later)).toBeLessThan(2.1);
    console.log(`least connections: 100, 0, 0 open, then ${soon.join(', ')}, then ${later.join(', ')}`);
    await expect
      .poll(async () => Math.min(...(await echo()).map(({ factors }) => factors.load.value)), {
        timeout: 30_000,
      })
      .toBeGreaterThan(0.5);
    await pinned.check();
    await more.check();
    await yetMore.check();
    // Those of the two that were drained and made ready; load is no news.
    expect(balancer.process.stdout.match(/weights changed/g)).toHaveLength(4);
  });

  it('least connections knows what is open from the first moment of a daemon that takes over', async () => {
    const { lab } = scene;
    const { proxies } = config({ algorithm: 'least-connections' });
    // The first count after a start comes so late that it tells nothing here.
    const balancer = await scene.start({
      proxies,
      settings: { loadBalancing: { updateIntervalMs: 10_000 } },
    });
    const [, ...others] = lab.targets.map(({ v4 }) => `${v4}:${ECHO_PORT}`);
    for (const address of others) await balancer.admin.setTargetState('echo', address, 'drain');
    await using pinned = await Held.open(lab.client(), lab.vip4, 50);
    for (const address of others) await balancer.admin.setTargetState('echo', address, 'ready');
    await balancer.crash();
    await balancer.startDaemon();
    const { targets } = await balancer.admin.targets();
    const loads = targets.filter(({ proxy }) => proxy === 'echo').map(({ factors }) => factors.load.value);
    expect(loads[0]).toBeLessThan(0.15);
    expect(loads.slice(1)).toEqual([1, 1]);
    await pinned.check();
  });
});
