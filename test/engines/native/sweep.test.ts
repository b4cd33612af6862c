import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlowRow, State } from '../model.ts';
import { NativeEngine, type SweepCase, type SweepOutcome } from '../native.ts';
import { START_NS } from './case-message.ts';
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
    { activeBefore = {}, lastNs = START_NS - EPOCH_NS }: Partial<SweepCase & SweepCase['answers']> = {},
  ): Promise<SweepOutcome> {
    const state = { ...EMPTY_STATE, ...tables };
    const answers = { timeoutNs: 2n * EPOCH_NS, lastNs };
    const options = OPTIONS;
    return engine.sweep({ name: 'sweep', options, state, timeoutsNs: TIMEOUTS_NS, answers, activeBefore });
  }

  /** A client's SYN that went on its way, and no answer. */
  function asked(createdEpochsAgo: number): readonly [FlowRow, FlowRow] {
    const [forward, reply] = flowOf({ state: 'syn', target: 3, createdEpochsAgo });
    return [{ ...forward, packets: 1, isn: 7 }, reply];
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
    const outcome = await sweep(
      { flows: flowOf({ target: 3 }) },
      {
        activeBefore: { 0: 7, 3: 7, 32767: 7 },
      },
    );
    expect(outcome.targetActive).toEqual({ 3: 1 });
  });

  it.each([
    [1, 0],
    [2, 1],
    [3, 0],
  ])('says of a SYN of %i epochs ago, when 2 are allowed, that %i were not answered', async (age, count) => {
    const outcome = await sweep({ pending: asked(age) });
    expect(outcome.targets[3]?.unanswered ?? 0).toBe(count);
    expect(outcome.failures).toBe(count);
  });

  it('judges a SYN that it removes', async () => {
    const rows = asked(2).map((row) => ({ ...row, seenEpochsAgo: 2 }));
    expect(await sweep({ pending: rows })).toMatchObject({ pending: [], targets: { 3: { unanswered: 1 } } });
  });

  it('judges none when there was no sweep before: nobody knows which were judged', async () => {
    expect(await sweep({ pending: asked(2) }, { lastNs: 0n })).toMatchObject({ targets: {}, failures: 0 });
  });

  it.each<[string, (halves: readonly [FlowRow, FlowRow]) => readonly FlowRow[]]>([
    ['was answered', ([forward, reply]) => [forward, { ...reply, isn: 9 }]],
    ['never left this host', ([forward, reply]) => [{ ...forward, packets: 0 }, reply]],
    ['was refused', (halves) => halves.map((half) => ({ ...half, state: 'closing' }))],
    ['lost its half, so that nobody knows', ([, reply]) => [reply]],
    ['lost the half of the answer', ([forward]) => [forward]],
  ])('blames no target for a SYN that %s', async (_, change) => {
    expect(await sweep({ pending: change(asked(2)) })).toMatchObject({ targets: {}, failures: 0 });
  });
});
