import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fetchMany, httpUrl, startNginx, startTcpEcho, startUdpEcho } from '../../lab/index.ts';
import { ECHO_PORT, Held } from '../support/held.ts';
import { type Balancer, bothFamilies, configOf, expectShares, useScene } from '../support/index.ts';
import { Traffic } from '../support/traffic.ts';

/** A conversation that rests for a moment on a slow machine must not be over: then it would move. */
const SETTINGS = { drainCheckIntervalMs: 200, udpTimeoutSec: 8, closingTimeoutSec: 1 };

describe('draining', () => {
  const scene = useScene({ targets: 3 }, async ({ lab }) => {
    for (const target of lab.targets) {
      await Promise.all([startNginx(target), startTcpEcho(target), startUdpEcho(target)]);
    }
  });
  const config = () =>
    configOf(
      [
        ...bothFamilies(scene.lab, { name: 'web', port: 80 }),
        ...bothFamilies(scene.lab, { name: 'echo', port: ECHO_PORT }),
      ],
      SETTINGS,
    );
  const address = (port: number, index = 0) => `${scene.lab.target(index).v4}:${port}`;
  const shares = async () => {
    const result = await fetchMany(scene.lab.client(), httpUrl(scene.lab.vip4), { count: 300 });
    expect(result.errors).toEqual({});
    return result.byTarget;
  };
  /** A balancer whose targets are all in service. */
  const ready = async () => {
    const balancer = await scene.lend(config());
    const { targets } = await balancer.admin.targets();
    for (const { proxy, target, factors } of targets) {
      if (factors.drain.value < 1) await balancer.admin.setTargetState(proxy, target, 'ready');
    }
    return balancer;
  };
  const stateOf = (balancer: Balancer, proxy: string, target: string) =>
    balancer.admin.targetState(proxy, target);

  it('sends a target no new connections, leaves the open ones alone, and ends when they have ended', async () => {
    const { lab } = scene;
    const balancer = await ready();
    const held = await Held.open(lab.client(), lab.vip4, 12);
    expect(held.targets).toContain('target1');
    const begun = await balancer.admin.setTargetState('echo4', address(ECHO_PORT), 'drain', 60_000);
    expect(begun).toMatchObject({ state: 'drain', drain: { status: 'draining', timeoutMs: 60_000 } });
    expect(begun.drain?.initialConnections).toBeGreaterThan(0);
    await held.during(async () => {
      await using later = await Held.open(lab.client(), lab.vip4, 6);
      expect(later.targets).not.toContain('target1');
      await sleep(500);
      expect((await stateOf(balancer, 'echo4', address(ECHO_PORT))).drain?.status).toBe('draining');
      expect((await balancer.sluice('drain')).stdout).toMatch(
        new RegExp(`echo4 +${address(ECHO_PORT)} +\\d+`),
      );
    });
    await held[Symbol.asyncDispose]();
    await expect
      .poll(async () => (await stateOf(balancer, 'echo4', address(ECHO_PORT))).drain?.status, {
        timeout: 30_000,
      })
      .toBe('completed');
    expect((await balancer.admin.drains()).drains).toEqual([]);
  });

  it('is waited for by `sluice drain --wait`, and undone by `sluice undrain`', async () => {
    const balancer = await ready();
    const drained = await balancer.sluice('drain', 'web4', address(80), '--wait');
    expect(drained).toMatchObject({ code: 0, stderr: '' });
    expect(drained.stdout).toMatch(/^10\.2\.1\.1:80 of web4: drained after \d+s\n$/);
    expectShares(await shares(), { target2: 1, target3: 1 });
    const { targets } = await balancer.admin.targets();
    expect(targets.find(({ proxy, target }) => proxy === 'web4' && target === address(80))).toMatchObject({
      effectiveWeight: 0,
      sharePercent: 0,
      factors: { drain: { value: 0, reason: 'drain' }, health: { value: 1 } },
    });
    expect((await balancer.sluice('undrain', 'web4', address(80))).code).toBe(0);
    expectShares(await shares(), { target1: 1, target2: 1, target3: 1 });
  });

  it('ends by its timeout with a status of 1, and the target still gets nothing new', async () => {
    const { lab } = scene;
    const balancer = await ready();
    await using held = await Held.open(lab.client(), lab.vip4, 12);
    const drained = await balancer.sluice('drain', 'echo4', address(ECHO_PORT), '--wait', '--timeout', '1');
    expect(drained.code).toBe(1);
    expect(drained.stdout).toMatch(/timed out after \d+s, \d+ of \d+ connections left; it gets no new ones/);
    await held.check();
    await using later = await Held.open(lab.client(), lab.vip4, 6);
    expect(later.targets).not.toContain('target1');
  });

  it('is cancelled by undrain, which --wait tells', async () => {
    const { lab } = scene;
    const balancer = await ready();
    await using _held = await Held.open(lab.client(), lab.vip4, 12);
    const waiting = balancer.sluice('drain', 'echo4', address(ECHO_PORT), '--wait');
    await expect.poll(async () => (await balancer.admin.drains()).drains.length, { timeout: 5_000 }).toBe(1);
    await balancer.admin.setTargetState('echo4', address(ECHO_PORT), 'ready');
    const { code, stdout } = await waiting;
    expect(code).toBe(1);
    expect(stdout).toMatch(/cancelled after/);
  });

  it('and maintenance last over a crash of the daemon and a reload, until the instance is detached', async () => {
    const balancer = await scene.start(config());
    await balancer.admin.setTargetState('web4', address(80), 'drain');
    await balancer.admin.setTargetState('web4', address(80, 1), 'maintenance');
    await balancer.crash();
    await balancer.startDaemon();
    expect(await shares()).toEqual({ target3: 300 });
    await balancer.reload(config());
    expect(await shares()).toEqual({ target3: 300 });
    expect(await stateOf(balancer, 'web4', address(80, 1))).toMatchObject({ state: 'maintenance' });
    await balancer.close();
    await balancer.startDaemon();
    expectShares(await shares(), { target1: 1, target2: 1, target3: 1 });
    expect(await stateOf(balancer, 'web4', address(80))).toMatchObject({ state: 'ready', drain: null });
  });

  it('of the last target that is left sends it connections all the same: somebody must answer', async () => {
    const balancer = await ready();
    for (const index of [0, 1]) await balancer.admin.setTargetState('web4', address(80, index), 'drain');
    expect(await shares()).toEqual({ target3: 300 });
    await balancer.admin.setTargetState('web4', address(80, 2), 'drain');
    expectShares(await shares(), { target1: 1, target2: 1, target3: 1 });
  });

  it('one target after another under load fails no request', async () => {
    const { lab } = scene;
    const balancer = await ready();
    await using traffic = new Traffic(lab.client(), httpUrl(lab.vip4));
    for (const index of [0, 1, 2]) {
      const { code } = await balancer.sluice(
        'drain',
        'web4',
        address(80, index),
        '--wait',
        '--timeout',
        '20',
      );
      expect(code).toBe(0);
      await balancer.sluice('undrain', 'web4', address(80, index));
    }
    const { byTarget, errors, switched } = await traffic.stop();
    expect({ errors, switched }).toEqual({ errors: {}, switched: 0 });
    expect(Object.keys(byTarget).sort()).toEqual(['target1', 'target2', 'target3']);
  });

  it('names what there is when a proxy or a target does not exist', async () => {
    const balancer = await ready();
    const noTarget = await balancer.sluice('drain', 'web4', '10.9.9.9:80');
    expect(noTarget.code).toBe(69);
    expect(noTarget.stderr).toBe(
      `sluice: proxy web4 has no target 10.9.9.9:80\nfix: it has: ${[0, 1, 2].map((index) => address(80, index)).join(', ')}\n`,
    );
    const noProxy = await balancer.sluice('undrain', 'web', address(80));
    expect(noProxy.stderr).toMatch(
      /there is no proxy "web"\nfix: this balancer has: web4, web6, echo4, echo6\n/,
    );
  });
});
