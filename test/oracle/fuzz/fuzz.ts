/** Differential fuzz: made-up cases, the oracle beside an engine. */
import fc from 'fast-check';
import type { Engine } from '../../engines/index.ts';
import { createOracle } from '../oracle.ts';
import { type CaseChoice, caseChoiceArbitrary, caseWithin } from './case.ts';
import { type Finding, judge, type Tally, tallyReasons } from './judge.ts';
import { reportFinding } from './report.ts';

/** What to do. */
export interface FuzzOptions {
  /** Where the random numbers begin; the same seed gives the same cases. */
  readonly seed: number;
  readonly packets: number;
  /** Ends the run early, after the case in hand. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (packets: number) => void;
}

/** What was done. */
export interface FuzzResult {
  readonly packets: number;
  readonly cases: number;
  readonly tally: Tally;
  /** A failure in words, with the smallest case that shows it. */
  readonly failure?: string;
}

/** Packets of a case, at most; half of it on average. */
const PACKETS_PER_CASE = 24;
/** How long a failure may be made smaller, milliseconds. */
const SHRINK_MS = 20_000;
/** Cases that are on their way at once. */
const BATCH = 64;

/** Runs made-up cases until so many packets were compared, or one differs; that case is then made as small as it can be. */
export async function fuzz(engine: Engine, options: FuzzOptions): Promise<FuzzResult> {
  const oracle = createOracle();
  const arbitrary = caseChoiceArbitrary({ ...engine.capabilities, packetsPerCase: PACKETS_PER_CASE });
  const tally: Tally = new Map();
  let packets = 0;
  let cases = 0;
  for (let round = 0; packets < options.packets && !options.signal?.aborted; round++) {
    const seed = (options.seed + round) | 0;
    const batch = fc.sample(arbitrary, { seed, numRuns: BATCH }).map((choice, index) => ({
      ...caseWithin(choice, engine.capabilities),
      name: `${index} of seed ${seed}`,
    }));
    const [expected, got] = await Promise.all([oracle.run(batch), engine.run(batch)]);
    for (const [index, one] of batch.entries()) {
      const outcomes = got[index] ?? [];
      tallyReasons(tally, one.inputs, outcomes);
      packets += one.inputs.length;
      cases += 1;
      if (judge(one, expected[index] ?? [], outcomes, engine)) {
        const failure = await shrink(engine, arbitrary, { seed, path: String(index) });
        return { packets, cases, tally, failure };
      }
    }
    options.onProgress?.(packets);
  }
  return { packets, cases, tally };
}

/** Finds the smallest case that fails as the one at `path` does. */
async function shrink(
  engine: Engine,
  arbitrary: fc.Arbitrary<CaseChoice>,
  { seed, path }: { readonly seed: number; readonly path: string },
): Promise<string> {
  const oracle = createOracle();
  const findingOf = async (choice: CaseChoice): Promise<Finding | undefined> => {
    const one = caseWithin(choice, engine.capabilities);
    const [[expected = []], [got = []]] = await Promise.all([oracle.run([one]), engine.run([one])]);
    return judge(one, expected, got, engine);
  };
  const property = fc.asyncProperty(arbitrary, async (choice) => (await findingOf(choice)) === undefined);
  const limits = { numRuns: BATCH, interruptAfterTimeLimit: SHRINK_MS };
  const details = await fc.check(property, { seed, path, ...limits });
  const [smallest] = details.counterexample ?? [];
  const finding = smallest && (await findingOf(smallest));
  if (!smallest || !finding) return `seed ${seed}: case ${path} failed once and not again`;
  return reportFinding(caseWithin(smallest, engine.capabilities), finding, { seed, engine: engine.name });
}
