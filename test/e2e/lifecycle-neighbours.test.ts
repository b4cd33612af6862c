import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fetchMany, httpUrl, uniqueInstance } from '../../lab/index.ts';
import { BpfMap } from '../../src/libbpf/index.ts';
import { SLUICE } from '../support/balancer.ts';
import { attachForeignXdp } from '../support/foreign-xdp.ts';
import { Held } from '../support/held.ts';
import { lifecycleConfig, startLifecycleServices } from '../support/lifecycle.ts';
import { pinFolder, readPinned } from '../support/pinned.ts';
import { configOf, proxy } from '../support/proxies.ts';
import { runRefused } from '../support/refused.ts';
import { useScene } from '../support/scene.ts';

const NOTHING = { programs: {}, maps: {}, links: {} };
const CONFLICT = 73;

describe('beside others', () => {
  const scene = useScene({ clients: 1, targets: 2, offloads: 'off' }, ({ lab }) =>
    startLifecycleServices(lab),
  );
  const addresses = () => scene.lab.targets.map((target) => target.v4);
  const webOn = (port: number, attach: string) =>
    configOf([proxy({ name: 'web', port, targetPort: 80, targets: addresses() })], { attach });

  async function answers(port = 80): Promise<void> {
    const { errors } = await fetchMany(scene.lab.client(), httpUrl(scene.lab.vip4, port), { count: 20 });
    expect(errors).toEqual({});
  }

  describe('another instance', () => {
    it('shares interfaces by TC, each with its own ports and counters', async () => {
      const one = await scene.start(webOn(80, 'tc'));
      const two = await scene.start(webOn(8080, 'tc'));
      await answers(80);
      await answers(8080);
      await answers(8080);
      expect((await one.admin.stats()).totals.flows).toBe(20);
      expect((await two.admin.stats()).totals.flows).toBe(40);
      await one.stop('SIGINT');
      await answers(8080);
      expect((await two.admin.stats()).totals.flows).toBe(60);
    });

    it('cannot have native XDP where an instance has it: the error names the program and the way out', async () => {
      const one = await scene.start(
        lifecycleConfig({ targets: addresses(), settings: { attach: 'native' } }),
      );
      await using held = await Held.open(scene.lab.client(), scene.lab.vip4, 2);
      const { code, stderr, pinned } = await held.during(() => runRefused(scene.lab, webOn(8080, 'native')));
      expect(code).toBe(CONFLICT);
      const { xdp_ingress: id } = readPinned(one.instance).programs;
      expect(stderr).toContain(`front0 already has an XDP program: xdp_ingress (id ${id})`);
      expect(stderr).toMatch(/fix: .*settings\.attach: \{front0: tc\}/);
      expect(pinned).toEqual(NOTHING);

      await scene.start(webOn(8080, 'tc'));
      await answers(8080);
      await held.check();
    });

    it('of the same name is refused, and the first goes on', async () => {
      const balancer = await scene.start(lifecycleConfig({ targets: addresses() }));
      await using held = await Held.open(scene.lab.client(), scene.lab.vip4, 2);
      const pinned = readPinned(balancer.instance);
      const argv = ['run', '-c', balancer.configFile, '--instance', balancer.instance];
      const socket = `--admin-socket=${balancer.adminSocket}-2`;
      const { code, stderr } = await held.during(() => scene.lab.balancer.exec([SLUICE, ...argv, socket]));
      expect(code).toBe(CONFLICT);
      const { pid } = balancer.process;
      expect(stderr).toContain(`instance ${balancer.instance} is already run by process ${pid}`);
      expect(stderr).toMatch(/fix: .*--instance NAME/);
      expect(readPinned(balancer.instance)).toEqual(pinned);
      await answers();
    });

    it('of the same name that is dead is no hindrance, whoever has its process id now', async () => {
      const instance = uniqueInstance('test');
      mkdirSync('/run/sluice', { recursive: true });
      // This process lives, but did not start a tick after boot.
      writeFileSync(`/run/sluice/${instance}.lock`, `${process.pid} 1\n`);
      await scene.start(webOn(80, 'tc'), { instance });
      await answers();
    });
  });

  describe('a foreign XDP program', () => {
    it.each([
      { theirs: 'xdpgeneric', ours: 'native' },
      { theirs: 'xdpdrv', ours: 'generic' },
    ] as const)(
      '($theirs) keeps $ours XDP from attaching, and nothing is left half attached',
      async (modes) => {
        const { balancer } = scene.lab;
        await using _foreign = await attachForeignXdp(balancer, 'front0', modes.theirs);
        const { code, stderr, pinned } = await runRefused(scene.lab, webOn(80, modes.ours));
        expect(stderr).toMatch(/front0 already has an XDP program: foreign_xdp \(id \d+\)\nfix: remove it/);
        expect(code).toBe(CONFLICT);
        expect(pinned).toEqual(NOTHING);
      },
    );

    it('and TC, which `auto` chooses on veth, get along', async () => {
      await using _foreign = await attachForeignXdp(scene.lab.balancer, 'front0', 'xdpgeneric');
      const balancer = await scene.start(webOn(80, 'auto'));
      await answers();
      const { interfaces } = await balancer.admin.status();
      expect(interfaces.map(({ name, mode }) => `${name} ${mode}`)).toEqual(['front0 tc', 'back0 tc']);
    });

    it('makes a reload to XDP fail, and the balancer stays as it was', async () => {
      const { lab } = scene;
      const config = (attach: unknown) => lifecycleConfig({ targets: addresses(), settings: { attach } });
      const balancer = await scene.start(config('tc'));
      await using held = await Held.open(lab.client(), lab.vip4, 2);
      await using _foreign = await attachForeignXdp(lab.balancer, 'back0', 'xdpgeneric');
      const before = readPinned(balancer.instance);
      for (const attach of ['native', 'generic', { front0: 'native', back0: 'native' }]) {
        await expect(held.during(() => balancer.reload(config(attach)))).rejects.toThrow(
          'back0 already has an XDP program: foreign_xdp',
        );
        expect(readPinned(balancer.instance)).toEqual(before);
      }
    });
  });

  describe('what a daemon left that died while it was loading', () => {
    it('is cleaned away, and the next one starts', async () => {
      const instance = uniqueInstance('test');
      const model = await scene.start(webOn(8080, 'tc'));
      mkdirSync(`${pinFolder(instance)}/maps`, { recursive: true });
      try {
        using listeners = BpfMap.fromPin(`${pinFolder(model.instance)}/maps/listeners`);
        listeners.pin(`${pinFolder(instance)}/maps/listeners`);
      } finally {
        await model.close();
      }
      const balancer = await scene.start(webOn(80, 'tc'), { instance });
      await answers();
      expect(balancer.process.stdout).not.toContain('adopted');
      expect(Object.keys(readPinned(instance).maps).length).toBeGreaterThan(10);
    });
  });
});
