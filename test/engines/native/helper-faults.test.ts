import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checksumFaults, decodeFrame } from '../../../lab/packet/index.ts';
import { casesOf } from '../../vectors/cases.ts';
import { loadVectorFiles } from '../../vectors/load.ts';
import { NEEDS_A_FAULT } from '../../vectors/uncounted.ts';
import { WRONG_ON_PURPOSE } from '../../vectors/wrong-on-purpose.ts';
import { type FaultyOutcome, NativeEngine } from '../native.ts';
import { everyFault, type Struck } from './every-fault.ts';
import { datagram, OPTIONS, SAMPLE_STATE, sampleCase } from './sample.fixture.ts';

const VECTORS = fileURLToPath(new URL('../../vectors', import.meta.url));
const cases = loadVectorFiles(VECTORS, [WRONG_ON_PURPOSE])
  .flatMap(casesOf)
  .map((vector) => vector.case);

describe.each(['refused', 'race'] as const)('a helper that fails (%s) in any vector at any call', (kind) => {
  let engine: NativeEngine;
  let struck: readonly Struck[];
  beforeAll(async () => {
    engine = await NativeEngine.open();
    const all = await Promise.all(cases.map((one) => everyFault(engine, one, kind)));
    struck = all.flat();
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
  });

  /** What is told of those for which something does not hold. */
  function broken(holds: (each: Struck) => boolean): readonly string[] {
    return struck
      .filter((each) => !holds(each))
      .map(({ about, outcome }) => `${about}: ${reasonOf(outcome)}`);
  }

  it('is met often', () => {
    expect(struck.length).toBeGreaterThan(cases.length);
  });

  it('never aborts the program, and counts the packet under exactly one reason that goes with what became of it', () => {
    const fits = ({ outcome }: Struck): boolean => {
      const reason = reasonOf(outcome);
      if (reason.startsWith('passed')) return outcome.verdict === 'pass';
      if (reason.startsWith('dropped')) return outcome.verdict === 'drop';
      return reason.startsWith('forwarded') && ['redirect', 'pass'].includes(outcome.verdict);
    };
    expect(broken(fits)).toEqual([]);
  });

  it.runIf(kind === 'refused')(
    'is told by a reason of its own, each of those that nothing else can bring about',
    () => {
      const counted = new Set(struck.map(({ outcome }) => reasonOf(outcome)));
      expect(NEEDS_A_FAULT.filter((reason) => !counted.has(reason))).toEqual([]);
    },
  );

  it('never lets a packet out that is rewritten in part', () => {
    const isWhole = ({ input, outcome }: Struck): boolean => {
      if (outcome.verdict === 'drop') return true;
      if (reasonOf(outcome).startsWith('passed')) return Buffer.compare(input.frame, outcome.frame) === 0;
      return input.partialChecksum === true || faultsOf(outcome.frame) <= faultsOf(input.frame);
    };
    expect(broken(isWhole)).toEqual([]);
  });
});

describe('a table that is full', () => {
  it('drops the packet that would open a flow, and says so', async () => {
    await using engine = await NativeEngine.open();
    const first = sampleCase('first', [datagram(Buffer.alloc(4))]);
    const [outcome] = await engine.runWithFault(first, { packet: 0, kind: 'refused', call: 1 });
    expect(outcome).toMatchObject({ verdict: 'drop', reasons: { dropped_table_full: 1 }, pending: [] });
  });

  it('lets the next packet try again', async () => {
    await using engine = await NativeEngine.open();
    const inputs = [datagram(Buffer.alloc(4)), datagram(Buffer.alloc(4))];
    const again = { name: 'again', options: OPTIONS, state: SAMPLE_STATE, inputs };
    const outcomes = await engine.runWithFault(again, { packet: 0, kind: 'refused', call: 2 });
    expect(outcomes.map(({ reasons }) => reasons)).toEqual([
      { dropped_table_full: 1 },
      { forwarded_new_flow: 1 },
    ]);
    expect(outcomes[0]?.pending).toEqual([]);
  });
});

/** The reason, if there is exactly one, counted once. */
function reasonOf({ reasons }: FaultyOutcome): string {
  const [first, ...others] = Object.entries(reasons);
  return first && others.length === 0 && first[1] === 1 ? first[0] : JSON.stringify(reasons);
}

function faultsOf(frame: Uint8Array): number {
  return checksumFaults([decodeFrame(Buffer.from(frame))]).length;
}
