import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NativeEngine } from '../../engines/native.ts';
import { judge } from '../fuzz/judge.ts';
import { reportFinding } from '../fuzz/report.ts';
import { createOracle } from '../oracle.ts';
import { casesFor, type Probe } from './base.ts';
import { extensionChains, farHeaders } from './chains.ts';
import { cutQuotes, spoiledQuotes, typesAndCodes } from './errors.ts';
import { fragmentFields, hopLimits, spoiledBytes, tcpFlags } from './fields.ts';
import { cutFrames, headerLengths, lengthFields } from './lengths.ts';

const SWEEPS: readonly (readonly [string, () => readonly Probe[]])[] = [
  ['frames cut at every length', cutFrames],
  ['every value of every length field', lengthFields],
  ['every version and header length', headerLengths],
  ['every byte of TCP flags', tcpFlags],
  ['TTLs at the edges', hopLimits],
  ['the edges of the fragment fields', fragmentFields],
  ['every byte of the headers spoiled', spoiledBytes],
  ['chains of extension headers', extensionChains],
  ['headers that begin far in the frame', farHeaders],
  ['ICMP messages of every type and code', typesAndCodes],
  ['quotes cut at every length', cutQuotes],
  ['every byte of a quote spoiled', spoiledQuotes],
];

describe('the data path does as the oracle says with', () => {
  let engine: NativeEngine;
  beforeAll(async () => {
    engine = await NativeEngine.open();
  }, 180_000);
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
  });

  it.each(SWEEPS)('%s', async (name, inputsOf) => {
    const cases = casesFor(name, inputsOf());
    expect(cases.length).toBeGreaterThan(400);
    const [expected, got] = await Promise.all([createOracle().run(cases), engine.run(cases)]);
    for (const [index, one] of cases.entries()) {
      const finding = judge(one, expected[index] ?? [], got[index] ?? [], engine);
      if (finding) expect.fail(reportFinding(one, finding, { engine: engine.name }));
    }
  });
});
