import { existsSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { patienceMs } from '../../lab/patience.ts';
import type { Balancer } from '../support/balancer.ts';
import { useScene } from '../support/scene.ts';
import { faultOfExit } from './support/errors.ts';
import {
  type Act,
  filesOf,
  MENDED_WITHIN_MS,
  STAGE_SPEC,
  Stage,
  SWEEP_TIMEOUT_MS,
  startsOrEnds,
} from './support/stage.ts';
import { callsOf, type Point, type SweepPlan, sweep } from './support/sweep.ts';
import { readView } from './support/view.ts';

describe('when one call into the kernel fails,', () => {
  let stage: Stage;
  const scene = useScene(STAGE_SPEC, async () => {
    stage = await Stage.open(scene);
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  /** Starts a daemon while a call fails; whether it did start. */
  async function attempt(balancer: Balancer, { arm, note }: Point): Promise<boolean> {
    arm();
    const started = await startsOrEnds(balancer);
    stage.calls.clear();
    if (!started) note(faultOfExit(await balancer.process.exited, balancer.process.stderr));
    return started;
  }

  /** What could not be taken off an interface is mended a second later. */
  async function expectAct(balancer: Balancer, act: Act): Promise<void> {
    await stage.probe();
    const look = () => readView(balancer.instance);
    await expect.poll(look, { timeout: patienceMs(MENDED_WITHIN_MS) }).toEqual(act.view);
  }

  /** Only what could not be removed may be left. A start that removes what is left makes other calls than the first. */
  function expectGone(balancer: Balancer, { at }: Point): void {
    expect(existsSync(balancer.adminSocket), 'socket').toBe(false);
    if (!/unlink|rmdir/.test(stage.calls.names[at - 1] ?? '')) expect(filesOf(balancer)).toEqual([]);
  }

  const planOf = (what: string, names: readonly string[], some: number, mend: SweepPlan['mend']) =>
    ({ what, calls: stage.calls, names, some, kinds: ['fail-one'], mend }) as const;

  it(
    'a first start works, or leaves nothing behind',
    async () => {
      const balancer = await stage.start(stage.one);
      await balancer.stop('SIGINT');
      const names = await callsOf(stage.calls, () => balancer.startDaemon());
      await balancer.stop('SIGINT');
      const mend = () => balancer.close();
      await sweep(planOf('first start', names, 2, mend), async (point) => {
        if (await attempt(balancer, point)) {
          await expectAct(balancer, stage.one);
          await balancer.stop('SIGINT');
        }
        expectGone(balancer, point);
      });
    },
    SWEEP_TIMEOUT_MS,
  );

  it(
    'a start over what another daemon left works, or leaves it as it was; the next one works',
    async () => {
      const balancer = await stage.start(stage.one);
      await using held = await stage.hold();
      const crashInOne = async () => {
        await balancer.crash();
        await balancer.writeConfig(stage.other.config);
      };
      await crashInOne();
      const names = await callsOf(stage.calls, () => balancer.startDaemon());
      const mend = () => stage.restore(balancer, stage.one);
      await sweep(planOf('start over remains', names, 2, mend), async (point) => {
        await balancer.reload(stage.one.config);
        await crashInOne();
        const started = await attempt(balancer, point);
        await held.check();
        await expectAct(balancer, started ? stage.other : stage.one);
        if (!started) await balancer.startDaemon();
        await expectAct(balancer, stage.other);
      });
    },
    SWEEP_TIMEOUT_MS,
  );

  it(
    'an end by SIGINT detaches, or says why not and is no obstacle to `sluice detach`',
    async () => {
      const balancer = await stage.start(stage.other);
      const names = await callsOf(stage.calls, () => balancer.stop('SIGINT'));
      await balancer.startDaemon();
      const mend = () => stage.restore(balancer, stage.other);
      await sweep(planOf('detach', names, 3, mend), async (point) => {
        point.arm();
        const code = await balancer.stop('SIGINT');
        stage.calls.clear();
        if (code !== 0) point.note(faultOfExit(code, balancer.process.stderr));
        await balancer.close();
        expectGone(balancer, point);
        await stage.probeNothing();
        await balancer.startDaemon();
        await expectAct(balancer, stage.other);
      });
    },
    SWEEP_TIMEOUT_MS,
  );
});
