/** Puts cases to an engine and says where it and the oracle part. */
import type { Case, Engine, Input, Outcome } from '../../engines/index.ts';
import { difference } from './compare.ts';
import { brokenInvariants } from './invariants.ts';

/** A packet of a case of which something is wrong. */
export interface Finding {
  readonly index: number;
  readonly input: Input;
  readonly words: string;
}

/** How often packets left with a reason, by `hook reason`. */
export type Tally = Map<string, number>;

/** The first packet of a case on which engine and oracle part, or that breaks an invariant; undefined if there is none. */
export function judge(
  one: Case,
  expected: readonly Outcome[],
  got: readonly Outcome[],
  engine: Pick<Engine, 'capabilities'>,
): Finding | undefined {
  if (expected.length !== got.length)
    throw new Error(`${expected.length} outcomes expected, got ${got.length}`);
  let before: Pick<Outcome, 'flows' | 'pending'> = one.state;
  for (const [index, input] of one.inputs.entries()) {
    const [wanted, found] = [expected[index], got[index]];
    if (!wanted || !found) break;
    const words = [difference(wanted, found, engine.capabilities), ...brokenInvariants(input, before, found)]
      .filter((sentence) => sentence !== undefined)
      .join('\n');
    if (words !== '') return { index, input, words };
    before = found;
  }
  return undefined;
}

/** Counts the reasons of outcomes. */
export function tallyReasons(tally: Tally, inputs: readonly Input[], outcomes: readonly Outcome[]): void {
  for (const [index, input] of inputs.entries()) {
    for (const [reason, count] of Object.entries(outcomes[index]?.reasons ?? {})) {
      const key = `${input.hook} ${reason}`;
      tally.set(key, (tally.get(key) ?? 0) + count);
    }
  }
}
