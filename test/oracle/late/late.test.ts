import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checksumFaults, decodeFrame } from '../../../lab/index.ts';
import type { Case, Engine, Outcome } from '../../engines/index.ts';
import { KernelEngine } from '../../engines/kernel/index.ts';
import { NativeEngine } from '../../engines/native.ts';
import { NEEDS_A_CONVERSATION } from '../../vectors/uncounted.ts';
import { difference } from '../fuzz/compare.ts';
import { type Tally, tallyReasons } from '../fuzz/judge.ts';
import { createOracle } from '../oracle.ts';
import { anyConversation } from './any-conversation.ts';
import { caseOf } from './conversation.ts';

const SEED = Number(process.env.FUZZ_SEED ?? 1);
const ROUNDS = { native: 10, kernel: 2 } as const;
const PER_ROUND = 64;
/** What conversations are for. */
const COMMON = ['forwarded_cookie', 'forwarded_held', 'forwarded_replayed', 'dropped_nothing_held'];
const REASONS = { kernel: COMMON, native: [...COMMON, ...NEEDS_A_CONVERSATION] };
/** The kernel's test run takes no longer ones, bytes. */
const MOST_FRAME = 3_000;

describe.each(['native', 'kernel'] as const)('connections that are bound late, by the %s engine', (kind) => {
  let engine: Engine;
  beforeAll(async () => {
    engine = kind === 'native' ? await NativeEngine.open() : await KernelEngine.create();
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  it('do what the oracle says, whatever comes', async () => {
    const tally: Tally = new Map();
    for (let round = 0; round < ROUNDS[kind]; round++) {
      const seed = SEED * 1000 + round;
      const cases = fc
        .sample(anyConversation, { seed, numRuns: PER_ROUND })
        .map(({ setting, steps }, index) => caseOf(`${index} of seed ${seed}`, setting, steps))
        .filter(({ inputs }) => kind === 'native' || inputs.every(({ frame }) => frame.length <= MOST_FRAME));
      await compare(engine, cases, tally);
    }
    const counted = new Set([...tally.keys()].map((each) => each.split(' ')[1]));
    expect(REASONS[kind].filter((reason) => !counted.has(reason))).toEqual([]);
  });
});

async function compare(engine: Engine, cases: readonly Case[], tally: Tally): Promise<void> {
  const [expected, got] = await Promise.all([createOracle().run(cases), engine.run(cases)]);
  for (const [index, one] of cases.entries()) {
    const outcomes = got[index] ?? [];
    tallyReasons(tally, one.inputs, outcomes);
    for (const [packet, wanted] of (expected[index] ?? []).entries()) {
      const found = outcomes[packet];
      const words = found ? difference(wanted, found, engine.capabilities) : 'no outcome';
      if (words !== undefined) throw new Error(`${one.name}, packet ${packet}: ${words}\n${told(outcomes)}`);
      if (found) expect(checksumsAre(found), `${one.name}, packet ${packet}`).toEqual([]);
    }
  }
}

/** What is wrong with the checksums of frames that go somewhere. */
function checksumsAre({ verdict, frame, copies = [] }: Outcome): readonly string[] {
  const sent = verdict === 'redirect' ? [frame, ...copies.map((copy) => copy.frame)] : [];
  return checksumFaults(sent.map(decodeFrame)).map((fault) => JSON.stringify(fault));
}

function told(outcomes: readonly Outcome[]): string {
  return outcomes
    .map(({ verdict, reasons }, index) => `${index}: ${verdict} ${Object.keys(reasons)}`)
    .join('\n');
}
