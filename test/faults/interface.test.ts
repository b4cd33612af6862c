import { afterEach, describe, expect, it } from 'vitest';
import { fetchMany, type Host, httpUrl } from '../../lab/index.ts';
import { patienceMs } from '../../lab/patience.ts';
import type { Balancer } from '../support/balancer.ts';
import { Held } from '../support/held.ts';
import { lifecycleConfig, startLifecycleServices } from '../support/lifecycle.ts';
import { readPinned } from '../support/pinned.ts';
import { useScene } from '../support/scene.ts';

const PATIENCE_MS = 15_000;
const OWN = '10.77.0.1';

describe('while traffic flows, a listening interface', () => {
  const scene = useScene({ clients: 2, targets: 2 }, ({ lab }) => startLifecycleServices(lab));
  const poll = <T>(look: () => T | Promise<T>) =>
    expect.poll(look, { timeout: patienceMs(PATIENCE_MS), interval: 50 });

  afterEach(async () => {
    for (const name of ['extra0', 'renamed0']) {
      await scene.lab.balancer.exec(['ip', 'link', 'delete', name]);
    }
  });

  /** Joins the balancer and a client by a link of their own. */
  async function join(other: Host): Promise<void> {
    const { balancer } = scene.lab;
    const peer = ['peer', 'name', 'far0', 'netns', other.namespace];
    await balancer.run(['ip', 'link', 'add', 'extra0', 'type', 'veth', ...peer]);
    await balancer.run(['ip', 'address', 'add', `${OWN}/24`, 'dev', 'extra0']);
    await other.run(['ip', 'address', 'add', '10.77.0.2/24', 'dev', 'far0']);
    await balancer.run(['ip', 'link', 'set', 'extra0', 'up']);
    await other.run(['ip', 'link', 'set', 'far0', 'up']);
    await other.run(['ethtool', '-K', 'far0', 'gro', 'on']);
  }

  async function start(): Promise<Balancer> {
    const targets = scene.lab.targets.map((target) => target.v4);
    return scene.start(lifecycleConfig({ targets, interfaces: ['front0', 'extra0'] }));
  }

  async function indexOf(name: string): Promise<number> {
    const rows: { ifindex: number }[] = JSON.parse(
      await scene.lab.balancer.run(['ip', '-j', 'link', 'show', name]),
    );
    return rows[0]?.ifindex ?? 0;
  }

  const linksOf = (balancer: Balancer, index: number) =>
    Object.keys(readPinned(balancer.instance).links).filter((name) => name.startsWith(`${index}_`));
  const failures = async () =>
    (await fetchMany(scene.lab.client(1), httpUrl(OWN), { count: 20, timeoutMs: 500 })).errors;
  const harmless = async (balancer: Balancer) => (await balancer.admin.status()).warnings;

  it('that is renamed is let go, and taken again when it has its name back; others do not notice', async () => {
    const { lab } = scene;
    await join(lab.client(1));
    const balancer = await start();
    await using held = await Held.open(lab.client(0), lab.vip4, 2);
    const index = await indexOf('extra0');
    await poll(failures).toEqual({});

    await held.during(async () => {
      await lab.balancer.run(['ip', 'link', 'set', 'extra0', 'name', 'renamed0']);
      await poll(() => linksOf(balancer, index)).toEqual([]);
      await poll(() => harmless(balancer)).toContainEqual(expect.stringContaining('extra0 is missing'));
    });
    await held.during(async () => {
      await lab.balancer.run(['ip', 'link', 'set', 'renamed0', 'name', 'extra0']);
      await poll(() => harmless(balancer)).toEqual([]);
    });
    expect(await indexOf('extra0')).toBe(index);
    await poll(failures).toEqual({});
  });

  it('that is replaced by another of its name has the programs there, and nothing is left of the old', async () => {
    const { lab } = scene;
    await join(lab.client(1));
    const balancer = await start();
    await using held = await Held.open(lab.client(0), lab.vip4, 2);
    const old = await indexOf('extra0');
    await held.during(async () => {
      await lab.balancer.run(['ip', 'link', 'delete', 'extra0']);
      await join(lab.client(1));
      const fresh = await indexOf('extra0');
      expect(fresh).not.toBe(old);
      await poll(() => linksOf(balancer, fresh)).toHaveLength(2);
      await poll(() => linksOf(balancer, old)).toEqual([]);
    });
    await poll(failures).toEqual({});
    await poll(() => harmless(balancer)).toEqual([]);
  });
});
