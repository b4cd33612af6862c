import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fetchMany, httpUrl } from '../../lab/index.ts';
import { checkedSettings, untilChecked, untilShares } from '../support/health.ts';
import { Held } from '../support/held.ts';
import { useScene, webConfig } from '../support/index.ts';
import { lifecycleConfig, startLifecycleServices } from '../support/lifecycle.ts';

const LIBRARY = fileURLToPath(new URL('../../dist/src/index.js', import.meta.url));

/** Takes the first target out and back in, and tells the events and what the library knows. */
const PROGRAM = `
const { checkTcp, LoadBalancer, parseConfig } = await import(process.env.LIBRARY);
const loaded = parseConfig(process.env.CONFIG, { format: 'json', file: null });
const balancer = await LoadBalancer.start({ loaded, instance: 'library-' + process.pid });
const { healthChecks } = balancer;
const heard = [];
const unsubscribe = healthChecks.subscribe((event) => heard.push(event.type));
const read = (async () => {
  const events = [];
  for await (const event of healthChecks.events()) {
    events.push(event);
    if (events.length === 2) return events;
  }
})();
const target = process.env.TARGET;
await balancer.setTargetStatus('web', target, 'unhealthy');
const events = await read;
const unhealthy = healthChecks.unhealthyTargets('web');
const { success } = await balancer.forceCheck('web', target);
await balancer.setTargetStatus('web', target, 'auto');
const isHealthy = healthChecks.isHealthy('web', target);
unsubscribe();
healthChecks.stop();
const [ip, port] = target.split(':');
const direct = await checkTcp({ ip, port: Number(port) });
const { isRunning } = healthChecks;
console.log(JSON.stringify({ events, heard, unhealthy, success, isHealthy, isRunning, direct: direct.success }));
await balancer.detach();
`;

/** What every event has besides. */
const STAMP = { id: expect.any(String), at: expect.any(String) };

describe('the health of a target, set by hand,', () => {
  const scene = useScene({ clients: 2, targets: 2 }, ({ lab }) => startLifecycleServices(lab));

  it('moves new connections and no open one, until it is given back', async () => {
    const { lab } = scene;
    const targets = lab.targets.map((target) => target.v4);
    const balancer = await scene.start(lifecycleConfig({ targets, settings: checkedSettings() }));
    await untilChecked(balancer);
    await using held = await Held.open(lab.client(0), lab.vip4, 12);
    expect(held.targets).toEqual(['target1', 'target2']);
    const set = async (proxy: string, port: number, status: string) => {
      const { code, stderr } = await balancer.sluice(
        'health',
        proxy,
        `${targets[0]}:${port}`,
        '--set',
        status,
      );
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    };
    await held.during(async () => {
      await set('web', 80, 'unhealthy');
      await set('echo', 7, 'unhealthy');
      const { byTarget, errors } = await fetchMany(lab.client(1), httpUrl(lab.vip4), { count: 40 });
      expect({ byTarget, errors }).toEqual({ byTarget: { target2: 40 }, errors: {} });
      const fresh = await Held.open(lab.client(1), lab.vip4, 4);
      expect(fresh.targets).toEqual(['target2']);
      await fresh[Symbol.asyncDispose]();
    });
    expect((await balancer.sluice('health', 'web', `${targets[0]}:80`, '--check')).code).toBe(1);
    expect((await balancer.sluice('health', '--check')).code).toBe(0);
    expect((await balancer.sluice('health', 'web')).stdout).toMatch(
      /^10\.2\.1\.1:80 +tcp +unhealthy \(by hand\) /m,
    );
    await set('web', 80, 'auto');
    await untilShares(balancer, [50, 50], 1000);
    const { code, stderr } = await balancer.sluice('health', 'web', '10.2.9.9:80', '--set', 'healthy');
    expect(code).toBe(69);
    expect(stderr).toContain('fix: it has: 10.2.1.1:80, 10.2.2.1:80');
  });

  it('is told by the events of the library, which can ask, check and stop', async () => {
    const { lab } = scene;
    const targets = lab.targets.map((target) => target.v4);
    const config = webConfig({ targets, weights: [60, 40], settings: checkedSettings() });
    const target = `${targets[0]}:80`;
    const env = { LIBRARY, CONFIG: JSON.stringify(config), TARGET: target };

    const stdout = await lab.balancer.run([process.execPath, '--input-type=module', '-e', PROGRAM], { env });
    expect(JSON.parse(stdout)).toEqual({
      events: [
        { ...STAMP, type: 'targetUnhealthy', proxy: 'web', target, reason: 'set unhealthy by hand' },
        {
          ...STAMP,
          type: 'weightsUpdated',
          proxy: 'web',
          pool: 'default',
          targets: [target, `${targets[1]}:80`],
          originalWeights: [60, 40],
          effectiveWeights: [0, 100],
        },
      ],
      heard: ['targetUnhealthy', 'weightsUpdated', 'targetHealthy', 'weightsUpdated'],
      unhealthy: [target],
      success: true,
      isHealthy: true,
      isRunning: false,
      direct: true,
    });
  });
});
