import { afterAll, describe, expect, it } from 'vitest';
import { type Balancer, SLUICE } from '../support/balancer.ts';
import { expectNothingWentDown } from '../support/counters.ts';
import { useScene } from '../support/scene.ts';
import { filesOf, STAGE_SPEC, Stage, SWEEP_TIMEOUT_MS } from './support/stage.ts';
import { callsOf, type SweepPlan, sweep } from './support/sweep.ts';
import { readView } from './support/view.ts';

describe('a daemon that is killed at a call into the kernel', () => {
  let stage: Stage;
  const scene = useScene(STAGE_SPEC, async () => {
    stage = await Stage.open(scene);
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  const planOf = (what: string, names: readonly string[], some: number, mend: SweepPlan['mend']) =>
    ({ what, calls: stage.calls, names, some, kinds: ['kill-before', 'kill-after'], mend }) as const;

  it.each([
    { way: 'there', from: () => stage.one, to: () => stage.other },
    { way: 'back', from: () => stage.other, to: () => stage.one },
  ])(
    'of a reload, $way, harms no connection, and the next one ends what it began',
    async ({ way, from, to }) => {
      const balancer = await stage.start(from());
      await using held = await stage.hold();
      const names = await callsOf(stage.calls, () => balancer.reload(to().config));
      await balancer.reload(from().config);
      const mend = () => stage.restore(balancer, from());
      await sweep(planOf(`kill in a reload, ${way}`, names, 2, mend), async ({ at, arm }) => {
        const before = await balancer.admin.stats();
        arm();
        const end = await balancer.reload(to().config).then(
          () => null,
          (error: Error) => error.message,
        );
        // Other work falls into it or not: one with fewer calls than the first has come to its end.
        if (end === null) {
          expect(stage.calls.count).toBeLessThanOrEqual(at);
          await balancer.crash();
        } else expect(end).toContain('the daemon ended');
        stage.calls.clear();
        await held.check();
        await stage.probe();
        await balancer.startDaemon();
        expect(await readView(balancer.instance)).toEqual(to().view);
        await held.check();
        expectNothingWentDown(before, await balancer.admin.stats());
        await balancer.reload(from().config);
      });
    },
    SWEEP_TIMEOUT_MS,
  );

  it(
    'of its first start leaves nothing that the next one stumbles over',
    async () => {
      const balancer = await stage.start(stage.other);
      await balancer.stop('SIGINT');
      const names = await callsOf(stage.calls, () => balancer.startDaemon());
      await balancer.stop('SIGINT');
      const mend = () => balancer.close();
      await sweep(planOf('kill in a first start', names, 1, mend), async ({ at, arm }) => {
        arm();
        const end = await balancer.startDaemon().then(
          () => null,
          (error: Error) => error.message,
        );
        // As at a reload: a start with fewer calls than the first is ready before it would be killed.
        if (end === null) {
          expect(stage.calls.count).toBeLessThanOrEqual(at);
          await balancer.crash();
        } else expect(end).toContain('the daemon ended');
        stage.calls.clear();
        await balancer.startDaemon();
        await stage.probe();
        expect(await readView(balancer.instance)).toEqual(stage.other.view);
        await balancer.stop('SIGINT');
        expect(filesOf(balancer)).toEqual([]);
      });
    },
    SWEEP_TIMEOUT_MS,
  );

  it(
    'of its detach is no obstacle to `sluice detach`, which removes all',
    async () => {
      const balancer = await stage.start(stage.other);
      const names = await callsOf(stage.calls, () => balancer.stop('SIGINT'));
      await balancer.startDaemon();
      const mend = () => stage.restore(balancer, stage.other);
      await sweep(planOf('kill in a detach', names, 2, mend), async ({ at, arm }) => {
        arm();
        const status = await balancer.stop('SIGINT');
        // Other work falls into it or not: one with fewer calls than the first has come to its end.
        expect(status).toBe(stage.calls.count < at ? 0 : null);
        stage.calls.clear();
        await detach(balancer);
        expect(filesOf(balancer)).toEqual([]);
        await stage.probeNothing();
        await balancer.startDaemon();
        await stage.probe();
      });
    },
    SWEEP_TIMEOUT_MS,
  );

  /** When it was killed at its last call, nothing is there any more; that is an answer too. */
  async function detach({ instance }: Balancer): Promise<void> {
    const { code, stderr } = await scene.lab.balancer.exec([SLUICE, 'detach', '--instance', instance]);
    expect([0, 69], stderr).toContain(code);
  }
});
