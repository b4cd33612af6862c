import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { httpUrl } from '../../lab/index.ts';
import { patienceMs } from '../../lab/patience.ts';
import { type Balancer, SLUICE } from '../support/balancer.ts';
import { Held } from '../support/held.ts';
import { lifecycleConfig, startLifecycleServices } from '../support/lifecycle.ts';
import { useScene } from '../support/scene.ts';
import { Traffic } from '../support/traffic.ts';
import { faultOfExit, faultOfLog } from './support/errors.ts';
import { KernelCalls } from './support/kernel-calls.ts';
import { announce, Dice } from './support/sample.ts';
import { filesOf, SWEEP_TIMEOUT_MS } from './support/stage.ts';
import { callsOf } from './support/sweep.ts';

const STORM = 100;
const STORM_MS = 1_000;
const PATIENCE_MS = 30_000;
describe('a daemon', () => {
  const scene = useScene({ clients: 2, targets: 2 }, ({ lab }) => startLifecycleServices(lab));
  const addresses = () => scene.lab.targets.map((target) => target.v4);
  const both = () => lifecycleConfig({ targets: addresses() });
  const first = () => lifecycleConfig({ targets: addresses().slice(0, 1) });

  const poll = <T>(look: () => Promise<T> | T) =>
    expect.poll(look, { timeout: patienceMs(PATIENCE_MS), interval: 50 });
  const hangUp = (balancer: Balancer) => process.kill(balancer.process.pid, 'SIGHUP');
  const targetsOf = async (balancer: Balancer) =>
    (await balancer.admin.status()).proxies[0]?.targets.map(({ target }) => target);

  it(`that is told ${STORM} times in a second to reload ends with the last configuration`, async () => {
    const { lab } = scene;
    const balancer = await scene.start(both());
    await using held = await Held.open(lab.client(0), lab.vip4, 2);
    await using traffic = new Traffic(lab.client(1), httpUrl(lab.vip4));
    await held.during(async () => {
      for (let round = 0; round < STORM; round++) {
        await balancer.writeConfig(round % 2 === 0 ? both() : first());
        hangUp(balancer);
        await sleep(STORM_MS / STORM);
      }
      await poll(() => targetsOf(balancer)).toEqual([`${addresses()[0]}:80`]);
    });
    expect(await traffic.stop()).toMatchObject({ errors: {}, switched: 0 });
    expect(balancer.process.running).toBe(true);
  });

  it('whose configuration file is spoilt at a reload says how and goes on as before', async () => {
    const balancer = await scene.start(both(), { wrap: WITHOUT_OVERRIDE });
    const before = await balancer.admin.status();
    for (const { complaint, spoil } of SPOILT) {
      await balancer.writeConfig(both());
      spoil(balancer.configFile);
      const seen = balancer.process.stdout.length;
      const news = () => balancer.process.stdout.slice(seen);
      hangUp(balancer);
      await poll(news).toContain('not reloaded');
      expect(news()).toMatch(complaint);
      expect(faultOfLog(news())).toBe(null);
      const { generation, configHash } = await balancer.admin.status();
      expect({ generation, configHash }).toEqual({
        generation: before.generation,
        configHash: before.configHash,
      });
      rmSync(balancer.configFile, { force: true });
    }
    await balancer.reload(first());
    expect(await targetsOf(balancer)).toEqual([`${addresses()[0]}:80`]);
  });

  it(
    'that is told to end while it starts leaves a whole instance or none',
    async () => {
      using calls = await KernelCalls.build(scene.lab.balancer);
      const balancer = await scene.start(both(), { wrap: calls.wrap });
      await balancer.stop('SIGINT');
      const names = await callsOf(calls, () => balancer.startDaemon());
      await balancer.stop('SIGINT');
      const dice = new Dice();
      const points = dice.points(names.length, 2);
      announce('SIGTERM in a start', points, names.length, dice);
      for (const at of points) {
        const where = `SIGTERM at call ${at} (${names[at - 1]})`;
        calls.set({ kind: 'count' });
        const started = balancer.startDaemon().catch(() => {});
        while (calls.count < at) await sleep(1);
        balancer.process.kill('SIGTERM');
        const code = await balancer.process.exited;
        await started;
        expect(code, `${where}: ${balancer.process.output}`).toBe(0);
        const detach = [SLUICE, 'detach', '--instance', balancer.instance];
        const { code: detached, stderr } = await scene.lab.balancer.exec(detach);
        if (detached !== 0) expect(faultOfExit(detached, stderr), where).toBe(null);
        expect(filesOf(balancer), where).toEqual([]);
      }
    },
    SWEEP_TIMEOUT_MS,
  );

  it('that is told to end while it reloads and while it ends ends once, and traffic goes on', async () => {
    const balancer = await scene.start(both());
    await using held = await Held.open(scene.lab.client(0), scene.lab.vip4, 2);
    await held.during(async () => {
      await balancer.writeConfig(first());
      hangUp(balancer);
      balancer.process.kill('SIGTERM');
      balancer.process.kill('SIGTERM');
      expect(await balancer.process.exited).toBe(0);
      await balancer.startDaemon();
    });
    expect(await targetsOf(balancer)).toEqual([`${addresses()[0]}:80`]);
  });
});

/** What may become of a file, and what is said of it. */
const SPOILT: readonly { readonly complaint: RegExp; readonly spoil: (file: string) => void }[] = [
  { complaint: /"code":"file_unreadable".*does not exist/, spoil: (file) => rmSync(file) },
  { complaint: /"code":"config_invalid"/, spoil: (file) => writeFileSync(file, '{"proxies": [{"name": "we') },
  { complaint: /"code":"config_invalid"/, spoil: (file) => writeFileSync(file, '') },
  { complaint: /"code":"file_unreadable"/, spoil: (file) => chmodSync(file, 0) },
];

/** Root may read every file, but for this. */
const WITHOUT_OVERRIDE = ['setpriv', '--bounding-set=-dac_override,-dac_read_search'];
