import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { httpUrl } from '../../lab/index.ts';
import { type Balancer, SLUICE } from '../support/balancer.ts';
import { Held } from '../support/held.ts';
import { lifecycleConfig, startLifecycleServices } from '../support/lifecycle.ts';
import { useScene } from '../support/scene.ts';
import { Traffic } from '../support/traffic.ts';
import { faultOfExit, faultOfLog } from './support/errors.ts';
import { Dice } from './support/sample.ts';
import { filesOf } from './support/stage.ts';

const STORM = 100;
const STORM_MS = 1_000;
const PATIENCE_MS = 30_000;
/** A start is over after this time, on an idle machine. */
const START_MS = 1_200;
/** SIGTERM before Node listens to signals ends the process as the kernel does. */
const CLEAN_ENDS = [0, null];

describe('a daemon', () => {
  const scene = useScene({ clients: 2, targets: 2 }, ({ lab }) => startLifecycleServices(lab));
  const addresses = () => scene.lab.targets.map((target) => target.v4);
  const both = () => lifecycleConfig({ targets: addresses() });
  const first = () => lifecycleConfig({ targets: addresses().slice(0, 1) });

  const poll = <T>(look: () => Promise<T> | T) => expect.poll(look, { timeout: PATIENCE_MS, interval: 50 });
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

  it.each<[string, RegExp, (file: string) => void]>([
    ['is gone', /"code":"file_unreadable".*does not exist/, (file) => rmSync(file)],
    [
      'is half written',
      /"code":"config_invalid"/,
      (file) => writeFileSync(file, '{"proxies": [{"name": "we'),
    ],
    ['is empty', /"code":"config_invalid"/, (file) => writeFileSync(file, '')],
    ['may not be read', /"code":"file_unreadable"/, (file) => chmodSync(file, 0)],
  ])(
    'whose configuration file %s at a reload says so and goes on as before',
    async (_what, complaint, spoil) => {
      const balancer = await scene.start(both(), { wrap: WITHOUT_OVERRIDE });
      const before = await balancer.admin.status();
      spoil(balancer.configFile);
      hangUp(balancer);
      await poll(() => balancer.process.stdout).toContain('not reloaded');
      expect(balancer.process.stdout).toMatch(complaint);
      expect(faultOfLog(balancer.process.stdout)).toBe(null);
      const { generation, configHash } = await balancer.admin.status();
      expect({ generation, configHash }).toEqual({
        generation: before.generation,
        configHash: before.configHash,
      });
      rmSync(balancer.configFile, { force: true });
      await balancer.reload(first());
      expect(await targetsOf(balancer)).toEqual([`${addresses()[0]}:80`]);
    },
  );

  it('that is told to end while it starts leaves a whole instance or none', async () => {
    const dice = new Dice();
    const balancer = await scene.start(both());
    await balancer.stop('SIGINT');
    for (let round = 0; round < 3; round++) {
      const afterMs = dice.below(START_MS);
      const where = `SIGTERM after ${afterMs} ms, FAULTS_SEED=${dice.seed}`;
      const started = balancer.startDaemon().catch(() => {});
      await sleep(afterMs);
      balancer.process.kill('SIGTERM');
      const code = await balancer.process.exited;
      await started;
      expect(CLEAN_ENDS, `${where}: ${balancer.process.output}`).toContain(code);
      const detach = [SLUICE, 'detach', '--instance', balancer.instance];
      const { code: detached, stderr } = await scene.lab.balancer.exec(detach);
      if (detached !== 0) expect(faultOfExit(detached, stderr), where).toBe(null);
      expect(filesOf(balancer), where).toEqual([]);
    }
  });

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

/** Root may read every file, but for this. */
const WITHOUT_OVERRIDE = ['setpriv', '--bounding-set=-dac_override,-dac_read_search'];
