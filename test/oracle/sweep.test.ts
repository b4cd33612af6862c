import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOTHING_LOST, type State } from '../engines/index.ts';
import { NativeEngine, type SweepOutcome } from '../engines/native.ts';
import { difference } from './fuzz/compare.ts';
import { freshSeed } from './fuzz/seed.ts';
import { sweepState, type Timeouts } from './sweep.ts';
import { heldInOrder, inOrder, stateArbitrary, sweepCaseOf, timeoutsArbitrary } from './sweep-case.ts';

const RUNS = 600;

const seed = freshSeed(process.env);

const [states, timeouts] = [stateArbitrary(), timeoutsArbitrary()];

describe(`the sweep (FUZZ_SEED=${seed})`, () => {
  let engine: NativeEngine;
  beforeAll(async () => {
    engine = await NativeEngine.open();
  }, 180_000);
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
  });

  function sweep(state: State, limits: Timeouts): Promise<SweepOutcome> {
    return engine.sweep(sweepCaseOf(state, limits));
  }

  it('removes what is idle and counts what is open, as the oracle says', async () => {
    await fc.assert(
      fc.asyncProperty(states, timeouts, async (state, limits) => {
        const expected = sweepState(state, limits);
        const got = await sweep(state, limits);
        expect(got.counts).toEqual({
          active: expected.active,
          pending: expected.pendingActive,
          expired: expected.expired,
        });
        expect(inOrder(got.events)).toEqual(inOrder(expected.events));
        expect(got.targetActive).toEqual(expected.activeByTarget);
        const unanswered = Object.entries(got.targets).map(([id, delta]) => [id, delta.unanswered]);
        expect(Object.fromEntries(unanswered)).toEqual(expected.unansweredByTarget);
        expect(got.failures).toBe(Object.values(expected.unansweredByTarget).reduce((a, b) => a + b, 0));
        expect(tablesDifference(expected, got)).toBeUndefined();
        expect(heldInOrder(got.held)).toEqual(heldInOrder(expected.held));
        expect(got.slots).toEqual(expected.slots);
      }),
      { seed, numRuns: RUNS },
    );
  }, 300_000);

  it('finds nothing more to remove the second time', async () => {
    await fc.assert(
      fc.asyncProperty(states, timeouts, async (state, limits) => {
        const { flows, pending, held, slots } = await sweep(state, limits);
        const again = await sweep({ ...state, flows, pending, held, slots }, limits);
        expect(again.counts.expired).toBe(0);
        expect([again.held, again.slots]).toEqual([held, slots]);
      }),
      { seed, numRuns: RUNS / 5 },
    );
  }, 300_000);

  it('leaves everything alone while nothing may be idle for long enough', async () => {
    const never = {
      synNs: 2 ** 62,
      establishedNs: 2 ** 62,
      closingNs: 2 ** 62,
      udpNs: 2 ** 62,
      answerNs: 2 ** 62,
      lastAgoNs: 0,
    };
    await fc.assert(
      fc.asyncProperty(states, async (state) => {
        const got = await sweep(state, never);
        expect(got.counts.expired).toBe(0);
        expect([heldInOrder(got.held), got.slots]).toEqual([heldInOrder(state.held ?? []), state.slots]);
        expect(tablesDifference(state, got)).toBeUndefined();
      }),
      { seed, numRuns: RUNS / 5 },
    );
  }, 300_000);
});

type FlowTables = Pick<State, 'flows' | 'pending'>;

/** In what two pairs of tables differ, in words. */
function tablesDifference(expected: FlowTables, got: FlowTables): string | undefined {
  const nothing = {
    verdict: 'pass',
    frame: new Uint8Array(),
    reasons: {},
    targets: {},
    failures: 0,
    fragments: [],
    held: [],
    sourceBuckets: [],
    targetBuckets: {},
    refused: {},
    events: [],
    losses: NOTHING_LOST,
  } as const;
  const { flows, pending } = expected;
  return difference(
    { ...nothing, flows, pending },
    { ...nothing, flows: got.flows, pending: got.pending },
    { redirect: false },
  );
}
