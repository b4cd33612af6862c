import { describe, expect, it } from 'vitest';
import { Capture, curl, fetchMany, httpUrl, startNginx } from '../../lab/index.ts';
import { type Balancer, configOf, packetsOf, proxy, useScene } from '../support/index.ts';

const NETWORK = ['10.2.0.0/16', 'dev', 'back0'];
const OWN = '10.2.0.1';
const TIMED_OUT = 28;

describe('snat without a way to the target', () => {
  const scene = useScene({ targets: 1, targetRoute: 'none' }, ({ lab }) => startNginx(lab.target()));
  const balance = () => {
    const web = proxy({ name: 'web', port: 80, mode: 'snat', targets: [scene.lab.target().v4] });
    return scene.start(configOf([web]));
  };
  const ip = (...args: readonly string[]) => scene.lab.balancer.run(['ip', ...args]);
  /** The balancer knows of a missing way when it warns of it. */
  const pollWarnings = (balancer: Balancer) =>
    expect.poll(async () => (await balancer.admin.status()).warnings, { timeout: 5_000 });

  /** Visits in vain, brings the way back and visits again: only addresses of the two ends may be seen. */
  async function regain(balancer: Balancer, bringBack: () => Promise<unknown>): Promise<void> {
    const { lab } = scene;
    const url = httpUrl(lab.vip4);
    await using capture = await Capture.start(lab.target(), { interface: 'eth0', filter: 'tcp' });
    await pollWarnings(balancer).not.toEqual([]);
    const patient = curl(lab.client(), ['--max-time', '20', url]);
    expect((await curl(lab.client(), ['--connect-timeout', '0.5', url])).code).toBe(TIMED_OUT);
    await bringBack();
    await pollWarnings(balancer).toEqual([]);
    const result = await fetchMany(lab.client(), url, { count: 50 });
    expect(result).toMatchObject({ byTarget: { target1: 50 }, errors: {} });
    expect((await patient).stdout).toContain('target1');
    const sources = packetsOf(await capture.decoded()).map(({ source }) => source);
    expect([...new Set(sources)].sort()).toEqual([OWN, lab.target().v4]);
  }

  it('sends nothing from 0.0.0.0 while the route is gone, and goes on when it is back', async () => {
    const balancer = await balance();
    await ip('route', 'delete', ...NETWORK);
    await regain(balancer, () => ip('route', 'add', ...NETWORK));
  });

  it('sends nothing from 0.0.0.0 while its address is gone, and goes on when it is back', async () => {
    const balancer = await balance();
    await ip('address', 'delete', `${OWN}/16`, 'dev', 'back0');
    await regain(balancer, () => ip('address', 'add', `${OWN}/16`, 'dev', 'back0'));
  });

  it('sends nothing from 0.0.0.0 when it starts like that, and begins when the route comes', async () => {
    await ip('route', 'delete', ...NETWORK);
    const balancer = await balance();
    await regain(balancer, () => ip('route', 'add', ...NETWORK));
  });
});
