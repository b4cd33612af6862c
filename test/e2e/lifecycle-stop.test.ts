import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { fetchMany, httpUrl } from '../../lab/index.ts';
import { type Balancer, SLUICE } from '../support/balancer.ts';
import { Held } from '../support/held.ts';
import { lifecycleConfig, startLifecycleServices } from '../support/lifecycle.ts';
import { readPinned } from '../support/pinned.ts';
import { useScene } from '../support/scene.ts';
import { Traffic } from '../support/traffic.ts';

const NOTHING = { programs: {}, maps: {}, links: {} };

describe('a daemon that ends', () => {
  const scene = useScene({ clients: 2, targets: 2 }, ({ lab }) => startLifecycleServices(lab));
  const config = () => lifecycleConfig({ targets: scene.lab.targets.map((target) => target.v4) });

  /** Expects that the balancer's address is answered by the balancer itself: nothing listens there. */
  async function expectDetached(balancer: Balancer): Promise<void> {
    expect(readPinned(balancer.instance)).toEqual(NOTHING);
    const { byTarget, errors } = await fetchMany(scene.lab.client(0), httpUrl(scene.lab.vip4), { count: 5 });
    expect({ byTarget, errors }).toEqual({ byTarget: {}, errors: { ECONNREFUSED: 5 } });
  }

  it('at SIGTERM leaves traffic flowing and says how to detach, which then removes everything', async () => {
    const { lab } = scene;
    const balancer = await scene.start(config());
    const { instance } = balancer;
    await using held = await Held.open(lab.client(0), lab.vip4);
    await using traffic = new Traffic(lab.client(1), httpUrl(lab.vip4));
    expect(await held.during(() => balancer.stop('SIGTERM'))).toBe(0);
    await sleep(200);
    await held.check();
    await traffic.rounds();
    expect(await traffic.stop()).toMatchObject({ errors: {}, switched: 0 });
    expect(lastLine(balancer)).toMatchObject({
      msg: 'stopped; the kernel keeps balancing until it is detached',
      detach: `sluice detach --instance ${instance}`,
    });

    const detach = await lab.balancer.exec([SLUICE, 'detach', '--instance', instance]);
    expect(detach).toMatchObject({
      code: 0,
      stderr: '',
      stdout: `instance "${instance}" is detached; no daemon answered\n`,
    });
    await expectDetached(balancer);
    expect(existsSync(`/run/sluice/${instance}.lock`)).toBe(false);
    const again = await lab.balancer.exec([SLUICE, 'detach', '--instance', instance]);
    expect(again.code).toBe(69);
    expect(again.stderr).toMatch(/is not attached and no daemon of it runs\nfix: /);
  });

  it('by a crash leaves what `sluice detach` removes, the lock too', async () => {
    const balancer = await scene.start(config());
    await balancer.crash();
    const { code } = await scene.lab.balancer.exec([SLUICE, 'detach', '--instance', balancer.instance]);
    expect(code).toBe(0);
    await expectDetached(balancer);
    expect(existsSync(`/run/sluice/${balancer.instance}.lock`)).toBe(false);
  });

  it('at SIGINT detaches and says so', async () => {
    const balancer = await scene.start(config());
    expect(await balancer.stop('SIGINT')).toBe(0);
    expect(balancer.process.stdout).toContain('interrupted: detaching');
    expect(lastLine(balancer)).toMatchObject({ msg: 'detached; nothing is left in the kernel' });
    await expectDetached(balancer);
  });

  it('at SIGTERM detaches too with --detach-on-exit', async () => {
    const balancer = await scene.start(config(), { flags: ['--detach-on-exit'] });
    expect(await balancer.stop('SIGTERM')).toBe(0);
    expect(lastLine(balancer)).toMatchObject({ msg: 'detached; nothing is left in the kernel' });
    await expectDetached(balancer);
  });

  it('is ended by `sluice detach`, which finds it by its socket', async () => {
    const balancer = await scene.start(config());
    const { code, stdout } = await balancer.sluice('detach', '--instance', balancer.instance);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `instance "${balancer.instance}" is detached; its daemon ends\n`,
    });
    await expectDetached(balancer);
    expect(await balancer.process.exited).toBe(0);
  });

  it('is not taken away from under its feet by a detach that cannot reach its socket', async () => {
    const balancer = await scene.start(config());
    const detach = [SLUICE, 'detach', '--instance', balancer.instance];
    const { code, stderr } = await scene.lab.balancer.exec(detach);
    expect(code).toBe(73);
    expect(stderr).toContain(`instance ${balancer.instance} is run by process ${balancer.process.pid}`);
    expect(stderr).toContain('--admin-socket');
    const { errors } = await fetchMany(scene.lab.client(0), httpUrl(scene.lab.vip4), { count: 5 });
    expect(errors).toEqual({});
  });
});

function lastLine(balancer: Balancer): unknown {
  return JSON.parse(balancer.process.stdout.trimEnd().split('\n').at(-1) ?? '');
}
