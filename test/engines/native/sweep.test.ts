import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { State } from '../model.ts';
import { NativeEngine, type SweepOutcome } from '../native.ts';
import { EMPTY_STATE, flowOf, OPTIONS } from './sample.fixture.ts';

const EPOCH_NS = 1n << 30n;
const TIMEOUTS_NS = {
  syn: EPOCH_NS,
  established: 10n * EPOCH_NS,
  closing: 2n * EPOCH_NS,
  udp: 3n * EPOCH_NS,
};

describe('the sweep', () => {
  let engine: NativeEngine;
  beforeAll(async () => {
    engine = await NativeEngine.open();
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
  });

  async function sweep(
    tables: Partial<Pick<State, 'flows' | 'pending'>>,
    activeBefore: Record<number, number> = {},
  ): Promise<SweepOutcome> {
    const state = { ...EMPTY_STATE, ...tables };
    return engine.sweep({ name: 'sweep', options: OPTIONS, state, timeoutsNs: TIMEOUTS_NS, activeBefore });
  }

  it.each([
    ['syn', 1],
    ['established', 10],
    ['closing', 2],
    ['udp', 3],
  ] as const)('keeps a flow in state %s for %i epochs and removes it after', async (state, epochs) => {
    const kept = await sweep({ flows: flowOf({ state, seenEpochsAgo: epochs }) });
    expect(kept).toMatchObject({ flows: [{}, {}], counts: { expired: 0 } });
    const gone = await sweep({ flows: flowOf({ state, seenEpochsAgo: epochs + 1 }) });
    expect(gone).toMatchObject({ flows: [], counts: { active: 0, expired: 2 } });
  });

  it('keeps both halves while packets go in one direction only', async () => {
    const [forward, reply] = flowOf({ seenEpochsAgo: 0 });
    const outcome = await sweep({ flows: [forward, { ...reply, seenEpochsAgo: 1000 }] });
    expect(outcome).toMatchObject({ flows: [{}, {}], counts: { active: 1, expired: 0 } });
  });

  it('removes a half that is idle and alone', async () => {
    const [, reply] = flowOf({ seenEpochsAgo: 1000 });
    expect(await sweep({ pending: [reply] })).toMatchObject({ pending: [], counts: { expired: 1 } });
  });

  it('counts open flows by target and by table, and closing ones not at all', async () => {
    const outcome = await sweep({
      flows: [
        ...flowOf({ target: 3 }, 1),
        ...flowOf({ target: 3 }, 2),
        ...flowOf({ target: 5, state: 'closing' }, 3),
      ],
      pending: flowOf({ target: 9, state: 'syn' }, 4),
    });
    expect(outcome).toMatchObject({
      targetActive: { 3: 2, 9: 1 },
      counts: { active: 2, pending: 1, expired: 0 },
    });
  });

  it('forgets what the sweep before has counted', async () => {
    const outcome = await sweep({ flows: flowOf({ target: 3 }) }, { 0: 7, 3: 7, 32767: 7 });
    expect(outcome.targetActive).toEqual({ 3: 1 });
  });
});
