import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fetchMany, httpUrl, run } from '../../lab/index.ts';
import { patienceMs } from '../../lab/patience.ts';
import { Held } from '../support/held.ts';
import { lifecycleConfig, startLifecycleServices } from '../support/lifecycle.ts';
import { useScene } from '../support/scene.ts';

const TEN_YEARS_SEC = 315_360_000;
/** More than one sweep of the flow table. */
const SWEEPS_MS = 2_500;

describe('when somebody sets the time of day', () => {
  const scene = useScene({ clients: 1, targets: 2 }, ({ lab }) => startLifecycleServices(lab));

  it('no flow expires or ages by it, and reloads, reports and the host are followed as before', async () => {
    const { lab } = scene;
    const offset = join(lab.directory, 'offset');
    const library = join(lab.directory, 'clock.so');
    const source = join(import.meta.dirname, 'support/clock.c');
    const targets = lab.targets.map((target) => target.v4);
    const config = lifecycleConfig({
      targets,
      settings: { connectionTimeoutSec: 3600, udpTimeoutSec: 3600 },
    });
    await run(['clang', '-shared', '-fPIC', '-Wall', '-Wextra', '-Werror', '-o', library, source, '-ldl']);
    writeFileSync(offset, '0');
    const wrap = ['env', `LD_PRELOAD=${library}`, `CLOCK_OFFSET=${offset}`];
    const balancer = await scene.start(config, { wrap });
    await using held = await Held.open(lab.client(), lab.vip4, 2);
    const open = async () => {
      const { active, pending } = (await balancer.admin.status()).flows;
      return active + pending;
    };
    await expect.poll(open, { timeout: patienceMs(10_000) }).toBe(4);

    for (const seconds of [TEN_YEARS_SEC, -TEN_YEARS_SEC]) {
      writeFileSync(offset, `${seconds}`);
      await sleep(SWEEPS_MS);
      await held.check();
      expect(await open()).toBe(4);
      const { connections } = await balancer.admin.connections({});
      const ages = connections.flatMap(({ ageSeconds, idleSeconds }) => [ageSeconds, idleSeconds]);
      expect(Math.max(...ages)).toBeLessThan(120);
      expect(Math.min(...ages)).toBeGreaterThanOrEqual(0);

      await balancer.reload(lifecycleConfig({ targets: seconds > 0 ? targets.slice(1) : targets }));
      const { errors } = await fetchMany(lab.client(), httpUrl(lab.vip4), { count: 10 });
      expect(errors).toEqual({});
      await lab.balancer.run(['ip', 'address', 'add', '10.1.0.9/16', 'dev', 'front0']);
      const listeners = async () =>
        (await balancer.admin.status()).proxies.flatMap((proxy) => proxy.listeners);
      await expect.poll(listeners, { timeout: patienceMs(10_000) }).toContain('10.1.0.9:80/tcp');
      await lab.balancer.run(['ip', 'address', 'delete', '10.1.0.9/16', 'dev', 'front0']);
    }
  });
});
