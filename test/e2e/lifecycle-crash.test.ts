import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { httpUrl, type Lab } from '../../lab/index.ts';
import type { Balancer } from '../support/balancer.ts';
import { expectNothingWentDown } from '../support/counters.ts';
import { Held } from '../support/held.ts';
import { lifecycleConfig, startLifecycleServices } from '../support/lifecycle.ts';
import { forgetDigest, readPinned } from '../support/pinned.ts';
import { useScene } from '../support/scene.ts';
import { Traffic } from '../support/traffic.ts';

/** How long no daemon runs after a kill. */
const DEAD_MS = 500;

/** Kills the daemon under traffic, lets `meanwhile` happen, and starts the next one: no connection may notice. */
async function replaceDaemon(
  balancer: Balancer,
  lab: Lab,
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<void> {
  await using held = await Held.open(lab.client(0), lab.vip4);
  await using traffic = new Traffic(lab.client(1), httpUrl(lab.vip4));
  await traffic.rounds();
  await held.during(async () => {
    await balancer.crash();
    await sleep(DEAD_MS);
    await meanwhile();
    await balancer.startDaemon();
  });
  await traffic.rounds();
  expect(await traffic.stop()).toMatchObject({ errors: {}, switched: 0 });
}

describe('a daemon that is killed', () => {
  const scene = useScene({ clients: 2, targets: 3 }, ({ lab }) => startLifecycleServices(lab));
  const addresses = () => scene.lab.targets.map((target) => target.v4);

  it('leaves everything to the next one, which changes nothing when the configuration is the same', async () => {
    const balancer = await scene.start(lifecycleConfig({ targets: addresses() }));
    const pinned = readPinned(balancer.instance);
    const [status, stats] = [await balancer.admin.status(), await balancer.admin.stats()];
    await replaceDaemon(balancer, scene.lab);
    expect(readPinned(balancer.instance)).toEqual(pinned);
    expect(Object.keys(pinned.maps)).not.toHaveLength(0);
    const { generation, configHash, pid } = await balancer.admin.status();
    expect({ generation, configHash }).toEqual({ generation: 1, configHash: status.configHash });
    expect(pid).not.toBe(status.pid);
    expectNothingWentDown(stats, await balancer.admin.stats());
    expect(balancer.process.stdout).toContain('adopted what an earlier daemon left in the kernel');
  });

  it('is followed by one that applies what changed in the meantime', async () => {
    const [first = '', second = '', third = ''] = addresses();
    const balancer = await scene.start(lifecycleConfig({ targets: [first, second] }));
    const { maps, programs } = readPinned(balancer.instance);
    const stats = await balancer.admin.stats();
    const change = () => balancer.writeConfig(lifecycleConfig({ targets: [second, third] }));
    await replaceDaemon(balancer, scene.lab, change);
    expect(readPinned(balancer.instance)).toMatchObject({ maps, programs });
    const status = await balancer.admin.status();
    expect(status.generation).toBe(2);
    const targets = status.proxies.flatMap((proxy) => proxy.targets.map(({ target }) => target));
    expect(targets).toEqual([`${second}:80`, `${third}:80`, `${second}:7`, `${third}:7`]);
    expectNothingWentDown(stats, await balancer.admin.stats());
  });

  it('is followed by one whose programs take over in place when the host uses other ports now', async () => {
    const balancer = await scene.start(lifecycleConfig({ targets: addresses() }));
    const before = readPinned(balancer.instance);
    const stats = await balancer.admin.stats();
    await replaceDaemon(balancer, scene.lab, () => moveLocalPorts(scene.lab));
    expectReplaced(before, readPinned(balancer.instance));
    expectNothingWentDown(stats, await balancer.admin.stats());
    expect((await balancer.admin.status()).generation).toBe(1);
  });
});

describe('a daemon that is killed, on native XDP', () => {
  const scene = useScene({ clients: 2, targets: 2, offloads: 'off' }, ({ lab }) =>
    startLifecycleServices(lab),
  );

  it('is followed by one of another version whose programs take over in place', async () => {
    const { lab } = scene;
    const targets = lab.targets.map((target) => target.v4);
    const balancer = await scene.start(lifecycleConfig({ targets, settings: { attach: 'native' } }));
    const before = readPinned(balancer.instance);
    expect(Object.keys(before.links).filter((name) => name.endsWith('_xdp'))).toHaveLength(2);
    await replaceDaemon(balancer, lab, () => forgetDigest(balancer.instance));
    expectReplaced(before, readPinned(balancer.instance));
  });
});

/** The same maps and links, and other programs in all places of the old ones. */
function expectReplaced(before: ReturnType<typeof readPinned>, after: ReturnType<typeof readPinned>): void {
  expect(after.maps).toEqual(before.maps);
  expect(Object.keys(after.programs)).toEqual(Object.keys(before.programs));
  const old = new Set(Object.values(before.programs));
  expect(Object.values(after.programs).filter((id) => old.has(id))).toEqual([]);
  const programOf = (link: string) =>
    after.programs[link.endsWith('xdp') ? 'xdp_ingress' : link.replace(/^\d+_/, '')];
  expect(Object.keys(after.links)).toEqual(Object.keys(before.links));
  for (const [link, program] of Object.entries(after.links)) expect(program, link).toBe(programOf(link));
}

/** The ports that snat mode may use are constants of the programs. */
async function moveLocalPorts(lab: Lab): Promise<void> {
  await lab.balancer.run(['sysctl', '-qw', 'net.ipv4.ip_local_port_range=30000 60999']);
}
