import { inspect, isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import type { Engine } from '../engines/index.ts';
import type { NativeEngine } from '../engines/native.ts';
import { caseChoiceArbitrary, caseOf } from '../oracle/fuzz/case.ts';
import { difference } from '../oracle/fuzz/compare.ts';
import { judge } from '../oracle/fuzz/judge.ts';
import { createOracle } from '../oracle/index.ts';
import { anyConversation } from '../oracle/late/any-conversation.ts';
import { caseOf as conversationOf } from '../oracle/late/conversation.ts';
import { sweepState } from '../oracle/sweep.ts';
import {
  heldInOrder,
  inOrder,
  stateArbitrary,
  sweepCaseOf,
  timeoutsArbitrary,
} from '../oracle/sweep-case.ts';

const SEED = 1;
const PACKETS = 20_000;
const PACKETS_PER_CASE = 24;
const CASES_AT_ONCE = 32;
const CONVERSATION_ROUNDS = 12;
const SWEEPS = 400;

/**
 * Runs made-up cases beside the oracle until one differs. Unlike `npm run fuzz` it does not look for the smallest such case:
 * the fault is known.
 * @returns after how many packets, or undefined if none of the first 20,000 differs
 */
export async function differsFromOracle(engine: Engine): Promise<string | undefined> {
  const oracle = createOracle();
  const arbitrary = caseChoiceArbitrary({ ...engine.capabilities, packetsPerCase: PACKETS_PER_CASE });
  let packets = 0;
  for (let round = 0; packets < PACKETS; round++) {
    const batch = fc.sample(arbitrary, { seed: SEED + round, numRuns: CASES_AT_ONCE }).map(caseOf);
    const [expected, got] = await Promise.all([oracle.run(batch), engine.run(batch)]);
    for (const [index, one] of batch.entries()) {
      packets += one.inputs.length;
      const finding = judge(one, expected[index] ?? [], got[index] ?? [], engine);
      if (finding) return `after ${packets} packets: ${finding.words.split('\n')[0]}`;
    }
  }
  return undefined;
}

/** The same with sweeps, of which the events, the SYNs that nobody answered and held connections are looked at. */
export async function differsInSweep(engine: NativeEngine): Promise<string | undefined> {
  const sample = fc.sample(fc.tuple(stateArbitrary(), timeoutsArbitrary()), { seed: SEED, numRuns: SWEEPS });
  for (const [state, limits] of sample) {
    const { events, targets, held, slots } = await engine.sweep(sweepCaseOf(state, limits));
    const unanswered = Object.entries(targets).map(([id, delta]) => [id, delta.unanswered]);
    const expected = sweepState(state, limits);
    const got = [inOrder(events), Object.fromEntries(unanswered), heldInOrder(held), slots];
    const wanted = [
      inOrder(expected.events),
      expected.unansweredByTarget,
      heldInOrder(expected.held),
      expected.slots,
    ];
    if (!isDeepStrictEqual(got, wanted)) {
      return `a sweep tells ${textOf(got)} instead of ${textOf(wanted)}`;
    }
  }
  return undefined;
}

/** In one line; ages are big integers, which JSON does not know. */
function textOf(value: unknown): string {
  return inspect(value, { depth: null, breakLength: Number.POSITIVE_INFINITY });
}

/** The same with conversations of connections that are bound late. */
export async function differsInConversation(engine: Engine): Promise<string | undefined> {
  const oracle = createOracle();
  for (let round = 0; round < CONVERSATION_ROUNDS; round++) {
    const batch = fc
      .sample(anyConversation, { seed: SEED + round, numRuns: CASES_AT_ONCE })
      .map(({ setting, steps }, index) => conversationOf(`${index} of round ${round}`, setting, steps));
    const [expected, got] = await Promise.all([oracle.run(batch), engine.run(batch)]);
    for (const [index, one] of batch.entries()) {
      for (const [packet, wanted] of (expected[index] ?? []).entries()) {
        const found = got[index]?.[packet];
        const words = found && difference(wanted, found, engine.capabilities);
        if (words !== undefined) return `${one.name}, packet ${packet}: ${words.split('\n')[0]}`;
      }
    }
  }
  return undefined;
}
