import { describe, expect, it } from 'vitest';
import { fetchMany, httpUrl, type NginxService, startNginx } from '../../lab/index.ts';
import {
  checkedSettings,
  healthOf,
  QUICK_LOSS_MS,
  sharesOf,
  untilChecked,
  untilShares,
} from '../support/health.ts';
import { expectShares, useScene, webConfig } from '../support/index.ts';
import { Traffic } from '../support/traffic.ts';

/** The steps of the second of 50/30/20 on its way back: 25, 50, 75 and 100 % of its weight. */
const STEPS = [
  [71, 0, 29],
  [64, 10, 26],
  [59, 18, 23],
  [54, 24, 22],
  [50, 30, 20],
] as const;
const RECOVERY_MS = 7_000;

describe('a target of 50/30/20', () => {
  let second: NginxService;
  const scene = useScene({ clients: 2, targets: 3 }, async ({ lab }) => {
    await Promise.all([startNginx(lab.target(0)), startNginx(lab.target(2))]);
    second = await startNginx(lab.target(1));
  });
  const config = () =>
    webConfig({
      targets: scene.lab.targets.map((target) => target.v4),
      weights: [50, 30, 20],
      settings: checkedSettings(),
    });
  const name = () => `${scene.lab.target(1).v4}:80`;
  const kill = async () => {
    second.process.kill('SIGKILL');
    await second.process.exited;
  };

  it('that is killed under traffic loses its share to the others in time, and comes back in four steps', async () => {
    const { lab } = scene;
    const balancer = await scene.start(config());
    await untilChecked(balancer);
    expect(await sharesOf(balancer)).toEqual([50, 30, 20]);
    await using traffic = new Traffic(lab.client(1), httpUrl(lab.vip4));
    await traffic.rounds();

    await kill();
    expect(await untilShares(balancer, [71, 0, 29], QUICK_LOSS_MS)).toBeLessThan(QUICK_LOSS_MS);
    await traffic.rounds();
    await traffic.stop();
    const { byTarget, errors } = await fetchMany(lab.client(0), httpUrl(lab.vip4), { count: 400 });
    expect(errors).toEqual({});
    expectShares(byTarget, { target1: 71, target2: 0, target3: 29 });
    const { stdout } = await balancer.sluice('targets');
    expect(stdout).toMatch(
      new RegExp(
        `^web +default +weighted-random +${name()} +30 +x0 +x1 +x1 +x1 +0 +0% +\\d+ +(?:[\\d.]+ [um]?s +){3}connection refused$`,
        'm',
      ),
    );

    const seen: (readonly number[])[] = [];
    second = await startNginx(lab.target(1));
    const see = async () => {
      const shares = await sharesOf(balancer);
      if (shares.join() !== seen.at(-1)?.join()) seen.push(shares);
      return shares;
    };
    await expect.poll(see, { timeout: RECOVERY_MS, interval: 20 }).toEqual([64, 10, 26]);
    const early = await fetchMany(lab.client(0), httpUrl(lab.vip4), { count: 200 });
    expect(early.errors).toEqual({});
    // A full share would be 60 connections; the next step may come meanwhile.
    expect(early.byTarget.target2).toBeLessThan(48);
    await expect.poll(see, { timeout: RECOVERY_MS, interval: 20 }).toEqual([50, 30, 20]);
    const missed = STEPS.filter((step) => !balancer.process.stdout.includes(`"effectiveWeights":[${step}]`));
    expect(missed).toEqual([]);
    expect(STEPS.map(String)).toEqual(expect.arrayContaining(seen.map(String)));
    expect(balancer.process.stdout).toMatch(
      /"level":"warn".*"reason":"connection refused","msg":"a target is unhealthy"/,
    );
    expect((await balancer.admin.status()).generation).toBe(1);
  });

  it('that is dead stays without connections when the daemon is killed and started again', async () => {
    const { lab } = scene;
    const balancer = await scene.start(config());
    await untilChecked(balancer);
    await kill();
    await untilShares(balancer, [71, 0, 29], QUICK_LOSS_MS);
    await using traffic = new Traffic(lab.client(1), httpUrl(lab.vip4));
    await balancer.crash();
    await traffic.rounds();
    await balancer.startDaemon();
    const [, dead] = await healthOf(balancer);
    expect(dead).toMatchObject({ status: 'unhealthy', factor: { value: 0 } });
    await untilChecked(balancer);
    await traffic.rounds();
    expect(await traffic.stop()).toMatchObject({ errors: {}, switched: 0 });
    expect(await sharesOf(balancer)).toEqual([71, 0, 29]);
    // Not even for the moment until its first check.
    expect(balancer.process.stdout).not.toMatch(/weights changed|is unhealthy/);
    second = await startNginx(lab.target(1));
  });

  it('keeps its configured share when all are dead', async () => {
    const targets = scene.lab.targets.map((target) => target.v4);
    const dead = webConfig({ targets, weights: [50, 30, 20], targetPort: 81, settings: checkedSettings() });
    const balancer = await scene.start(dead);
    await untilChecked(balancer);
    expect((await healthOf(balancer)).map(({ status }) => status)).toEqual(Array(3).fill('unhealthy'));
    expect(await sharesOf(balancer)).toEqual([50, 30, 20]);
    const { code } = await balancer.sluice('health', '--check');
    expect(code).toBe(1);
  });

  it('keeps its health over a reload, also one that changes its check', async () => {
    const targets = scene.lab.targets.map((target) => target.v4);
    const balancer = await scene.start(config());
    await untilChecked(balancer);
    await kill();
    await untilShares(balancer, [71, 0, 29], QUICK_LOSS_MS);
    await balancer.reload(
      webConfig({ targets, weights: [40, 30, 30], settings: checkedSettings({ type: 'http', path: '/' }) }),
    );
    expect(await sharesOf(balancer)).toEqual([57, 0, 43]);
    const seen = balancer.process.stdout.length;
    await balancer.reload(webConfig({ targets, weights: [40, 30, 30] }));
    expect(await sharesOf(balancer)).toEqual([40, 30, 30]);
    expect(balancer.process.stdout.slice(seen)).not.toContain('unhealthy');
    second = await startNginx(scene.lab.target(1));
  });
});
