import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Host, type NginxService, startNginx } from '../../lab/index.ts';
import { healthOf, sharesOf, untilShares } from '../support/health.ts';
import { useScene } from '../support/index.ts';
import { clientsOf, PER_SECOND, startRarelyChecked, WITHOUT_SECOND } from '../support/passive.ts';

/** Drops every attempt to connect. */
const SILENCE = `
table inet silence {
  chain in { type filter hook input priority 0; tcp flags syn drop; }
}
`;
/** The default of `passiveThreshold`. */
const PASSIVE_THRESHOLD = 3;
/** Connections that one of four targets meets in the second before the first of them counts as not answered. */
const IN_A_SECOND = PER_SECOND / 4;
const ALL = [25, 25, 25, 25];

/** Lets a host answer no attempt to connect, until it is disposed of. */
async function silenced(host: Host): Promise<AsyncDisposable> {
  await host.run(['nft', '-f', '-'], { input: SILENCE });
  return {
    [Symbol.asyncDispose]: async () => {
      await host.run(['nft', 'delete', 'table', 'inet', 'silence']);
    },
  };
}

describe('a target that clients find dead', () => {
  let second: NginxService;
  const scene = useScene({ clients: 1, targets: 4, upstream: true }, async ({ lab }) => {
    const services = await Promise.all(lab.targets.map((target) => startNginx(target)));
    [, second] = services as [NginxService, NginxService];
  });
  const start = () => startRarelyChecked(scene);
  const clients = () => clientsOf(scene.lab);

  it('because it was killed is out at once, costs next to no connections, and comes back in four steps', async () => {
    const balancer = await start();
    await using traffic = clients();
    await sleep(500);
    const killedAtMs = Date.now();
    second.process.kill('SIGKILL');
    await second.process.exited;
    await sleep(5200);
    const first = traffic.between(killedAtMs, killedAtMs + 5000);
    const failed = first.filter(({ error }) => error !== null);
    expect(first.length).toBeGreaterThan(0.9 * 5 * PER_SECOND);
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThanOrEqual(0.01 * first.length);
    expect(await sharesOf(balancer)).toEqual(WITHOUT_SECOND);
    const [, dead] = await healthOf(balancer);
    expect(dead).toMatchObject({ status: 'unhealthy', factor: { value: 0, reason: 'refused connections' } });
    expect((await balancer.sluice('targets')).stdout).toMatch(/ x0 .* refused connections$/m);

    second = await startNginx(scene.lab.target(1));
    await untilShares(balancer, ALL, 20_000);
    const steps = [...balancer.process.stdout.matchAll(/"effectiveWeights":\[([\d,]+)\]/g)].map(
      ([, all]) => all,
    );
    expect(steps).toEqual(['34,0,33,33', '31,7,31,31', '29,14,29,28', '27,20,27,26', '25,25,25,25']);
    const later = traffic.between(killedAtMs + 5000, Number.POSITIVE_INFINITY);
    expect(later.filter(({ error }) => error !== null)).toEqual([]);
  });

  it('because it has gone silent is out after two seconds', async () => {
    const { lab } = scene;
    const balancer = await start();
    await using _traffic = clients();
    await sleep(500);
    const silentAtMs = Date.now();
    await using _silence = await silenced(lab.target(1));
    await untilShares(balancer, WITHOUT_SECOND, 4000);
    const outAfterMs = Date.now() - silentAtMs;
    expect(outAfterMs).toBeLessThan(2500);
    const [, silent] = await healthOf(balancer);
    expect(silent?.factor).toEqual({ value: 0, reason: 'does not answer SYNs' });
    const unanswered = async () => (await balancer.admin.stats()).totals.attempts.unanswered;
    expect(await unanswered()).toBeGreaterThanOrEqual(PASSIVE_THRESHOLD);
    // A sweep counts those that have waited for a second; it was out for the first of them, and the rest are yet to be counted.
    await expect.poll(unanswered, { timeout: 4000 }).toBeGreaterThan(IN_A_SECOND / 2);
  });
});
