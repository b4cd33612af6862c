import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { patienceMs } from '../../lab/patience.ts';
import type { Balancer } from '../support/balancer.ts';
import { useScene } from '../support/scene.ts';
import { faultOfLog } from './support/errors.ts';
import {
  type Act,
  bpfDescriptors,
  MENDED_WITHIN_MS,
  STAGE_SPEC,
  Stage,
  SWEEP_TIMEOUT_MS,
} from './support/stage.ts';
import { callsOf, type Point, sweep } from './support/sweep.ts';
import { readView } from './support/view.ts';

const LOOKS = 20;

/** How many kernel objects a daemon holds when none is open for a moment only. */
async function descriptorsAtRest(balancer: Balancer): Promise<number> {
  const seen: number[] = [];
  for (let look = 0; look < LOOKS; look++) {
    seen.push(bpfDescriptors(balancer));
    await sleep(25);
  }
  return Math.min(...seen);
}

const poll = <T>(look: () => Promise<T>) =>
  expect.poll(look, { timeout: patienceMs(MENDED_WITHIN_MS), interval: 100 });

describe('a reload', () => {
  let stage: Stage;
  const scene = useScene(STAGE_SPEC, async () => {
    stage = await Stage.open(scene);
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  /** Reloads while calls fail; what the daemon said when it refused, or null. */
  async function attempt(balancer: Balancer, to: Act, { arm, note }: Point): Promise<string | null> {
    arm();
    const refusal = await balancer.reload(to.config).then(
      () => null,
      (error: Error) => error.message,
    );
    note(refusal === null ? null : faultOfLog(refusal));
    return refusal;
  }

  describe.each([
    { way: 'there', from: () => stage.one, to: () => stage.other },
    { way: 'back', from: () => stage.other, to: () => stage.one },
  ])('$way', ({ way, from, to }) => {
    const planOf = (what: string, names: readonly string[], some: number) =>
      ({ what: `reload ${way}, ${what}`, calls: stage.calls, names, some }) as const;

    it(
      'changes all or nothing when one call into the kernel fails, and the next one changes all',
      async () => {
        const balancer = await stage.start(from());
        await using held = await stage.hold();
        const names = await callsOf(stage.calls, () => balancer.reload(to().config));
        await balancer.reload(from().config);
        const descriptors = await descriptorsAtRest(balancer);
        const mend = () => stage.restore(balancer, from());
        const plan = { ...planOf('one call fails', names, 6), kinds: ['fail-one'], mend } as const;
        await sweep(plan, async (point) => {
          const refusal = await attempt(balancer, to(), point);
          stage.calls.clear();
          await held.check();
          await stage.probe();
          if (refusal !== null) expect(await readView(balancer.instance), refusal).toEqual(from().view);
          await balancer.reload(to().config);
          expect(await readView(balancer.instance), 'after the next reload').toEqual(to().view);
          // One may be open for a moment, while the daemon looks at something; a leak stays.
          await poll(async () => bpfDescriptors(balancer)).toBe(descriptors);
          await balancer.reload(from().config);
        });
      },
      SWEEP_TIMEOUT_MS,
    );

    it(
      'is mended by the daemon itself when all calls failed from one on and work again',
      async () => {
        const balancer = await stage.start(from());
        await using held = await stage.hold();
        const names = await callsOf(stage.calls, () => balancer.reload(to().config));
        await balancer.reload(from().config);
        const mend = () => stage.restore(balancer, from());
        const plan = { ...planOf('all calls fail', names, 1), kinds: ['fail-from'], mend } as const;
        await sweep(plan, async (point) => {
          const refusal = await attempt(balancer, to(), point);
          await held.check();
          await stage.probe();
          stage.calls.clear();
          const expected = refusal === null ? to().view : from().view;
          await poll(() => readView(balancer.instance)).toEqual(expected);
          await poll(async () => (await balancer.admin.status()).warnings).toEqual([]);
          await balancer.reload(from().config);
        });
      },
      SWEEP_TIMEOUT_MS,
    );
  });
});
