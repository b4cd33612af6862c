import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type NginxService, startNginx, synFlood } from '../../lab/index.ts';
import { patienceMs } from '../../lab/patience.ts';
import { sharesOf, untilShares } from '../support/health.ts';
import { useScene } from '../support/index.ts';
import { clientsOf, startRarelyChecked, WITHOUT_SECOND } from '../support/passive.ts';

const FIRST_STEP = [31, 7, 31, 31];

/** What does not depend on how soon something is noticed: health-passive.test.ts has that. */
describe('a target that clients find dead', () => {
  let second: NginxService;
  const scene = useScene({ clients: 1, targets: 4, upstream: true }, async ({ lab }) => {
    const services = await Promise.all(lab.targets.map((target) => startNginx(target)));
    [, second] = services as [NginxService, NginxService];
  });

  it('has no check, and is still out after a restart of the daemon, until it has waited', async () => {
    const balancer = await startRarelyChecked(scene, { type: 'none' });
    await using _traffic = clientsOf(scene.lab);
    second.process.kill('SIGKILL');
    await second.process.exited;
    await untilShares(balancer, WITHOUT_SECOND, patienceMs(2000));
    await balancer.crash();
    second = await startNginx(scene.lab.target(1));
    await balancer.startDaemon();
    expect(await sharesOf(balancer)).toEqual(WITHOUT_SECOND);
    await untilShares(balancer, FIRST_STEP, patienceMs(10_000));
  });

  it('is not one that answers, however few of a flood of clients go on', async () => {
    const { lab } = scene;
    const balancer = await startRarelyChecked(scene, { passiveThreshold: 1 });
    await synFlood(lab.client(), { address: lab.vip4, port: 80, count: 3000 });
    await sleep(2500);
    const { totals } = await balancer.admin.stats();
    expect(totals.attempts.answered).toBeGreaterThan(2000);
    expect(totals.attempts).toMatchObject({ established: 0, refused: 0, unanswered: 0 });
    expect(balancer.process.stdout).not.toContain('a target is unhealthy');
  });
});
