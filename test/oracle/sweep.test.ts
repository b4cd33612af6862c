import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { State } from '../engines/index.ts';
import { START_NS } from '../engines/native/case-message.ts';
import { NativeEngine, type SweepOutcome } from '../engines/native.ts';
import { caseChoiceArbitrary, caseOf } from './fuzz/case.ts';
import { difference } from './fuzz/compare.ts';
import { freshSeed } from './fuzz/seed.ts';
import { sweepState, type Timeouts } from './sweep.ts';

const RUNS = 600;
const EPOCH_NS = 2 ** 30;
const OPTIONS = { snatPortMin: 1024, snatPortCount: 1, confirmNewFlows: 'never' } as const;

const seed = freshSeed(process.env);

/** Tables as the packet cases have them. */
const states = caseChoiceArbitrary({
  randoms: true,
  clock: true,
  gso: false,
  linear: false,
  partialChecksum: false,
  vlanStripped: false,
  packetsPerCase: 1,
}).map((choice) => caseOf(choice).state);

/** Around the ages that those tables have. */
const timeoutNs = fc.constantFrom(
  0,
  EPOCH_NS - 1,
  EPOCH_NS,
  EPOCH_NS + 1,
  39 * EPOCH_NS,
  40 * EPOCH_NS,
  2 ** 50,
);
const timeouts: fc.Arbitrary<Timeouts> = fc.record({
  synNs: timeoutNs,
  establishedNs: timeoutNs,
  closingNs: timeoutNs,
  udpNs: timeoutNs,
  answerNs: timeoutNs,
  lastAgoNs: fc.option(fc.constantFrom(0, 1, EPOCH_NS, 40 * EPOCH_NS)),
});

describe(`the sweep (FUZZ_SEED=${seed})`, () => {
  let engine: NativeEngine;
  beforeAll(async () => {
    engine = await NativeEngine.open();
  }, 180_000);
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
  });

  function sweep(state: State, limits: Timeouts): Promise<SweepOutcome> {
    const { synNs, establishedNs, closingNs, udpNs, answerNs, lastAgoNs } = limits;
    const lastNs = lastAgoNs === null ? 0n : START_NS - BigInt(lastAgoNs);
    const answers = { timeoutNs: BigInt(answerNs), lastNs };
    const timeoutsNs = {
      syn: BigInt(synNs),
      established: BigInt(establishedNs),
      closing: BigInt(closingNs),
      udp: BigInt(udpNs),
    };
    return engine.sweep({ name: 'made up', options: OPTIONS, state, timeoutsNs, answers });
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
        expect(got.targetActive).toEqual(expected.activeByTarget);
        const unanswered = Object.entries(got.targets).map(([id, delta]) => [id, delta.unanswered]);
        expect(Object.fromEntries(unanswered)).toEqual(expected.unansweredByTarget);
        expect(got.failures).toBe(Object.values(expected.unansweredByTarget).reduce((a, b) => a + b, 0));
        expect(tablesDifference(expected, got)).toBeUndefined();
      }),
      { seed, numRuns: RUNS },
    );
  }, 300_000);

  it('finds nothing more to remove the second time', async () => {
    await fc.assert(
      fc.asyncProperty(states, timeouts, async (state, limits) => {
        const { flows, pending } = await sweep(state, limits);
        const again = await sweep({ ...state, flows, pending }, limits);
        expect(again.counts.expired).toBe(0);
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
    sourceBuckets: [],
    targetBuckets: {},
    refused: {},
  } as const;
  const { flows, pending } = expected;
  return difference(
    { ...nothing, flows, pending },
    { ...nothing, flows: got.flows, pending: got.pending },
    { redirect: false },
  );
}
