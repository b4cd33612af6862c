import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { casesOf } from '../../vectors/cases.ts';
import { loadVectorFiles } from '../../vectors/load.ts';
import { NEEDS_A_FAULT } from '../../vectors/uncounted.ts';
import { WRONG_ON_PURPOSE } from '../../vectors/wrong-on-purpose.ts';
import { NativeEngine } from '../native.ts';
import { everyFault, type Struck } from './every-fault.ts';
import { RULES, reasonOf } from './fault-rules.ts';
import { sight } from './lost-sight.ts';
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

  it('is met often', () => {
    expect(struck.length).toBeGreaterThan(cases.length);
  });

  it.each(RULES)('$sentence', ({ holds }) => {
    expect(
      struck.filter((each) => !holds(each)).map(({ about, outcome }) => `${about}: ${reasonOf(outcome)}`),
    ).toEqual([]);
  });

  it.runIf(kind === 'refused')(
    'is told by a reason of its own, each of those that nothing else can bring about',
    () => {
      const counted = new Set(struck.map(({ outcome }) => reasonOf(outcome)));
      expect(NEEDS_A_FAULT.filter((reason) => !counted.has(reason))).toEqual([]);
    },
  );
});

describe('a flow that another CPU moves to `flows` while one of its packets is in hand', () => {
  it('is found there, at whichever look for it that happens', async () => {
    await using engine = await NativeEngine.open();
    const sightings = await Promise.all(cases.map((one) => sight(engine, one)));
    expect(sightings.flatMap(({ lost }) => lost)).toEqual([]);
    expect(sightings.filter(({ looks }) => looks > 0).length).toBeGreaterThan(50);
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
