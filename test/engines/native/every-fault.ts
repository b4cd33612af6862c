import type { Case, Input } from '../model.ts';
import type { FaultyOutcome, HelperFault, NativeEngine } from '../native.ts';

/** More than any packet makes of calls that can fail. */
const MANY_CALLS = 200;

/** A fault that struck, and what came of the packet. */
export interface Struck {
  readonly about: string;
  readonly input: Input;
  readonly outcome: FaultyOutcome;
}

/** Runs a case of one packet once for each call that can fail, and fails that one. */
export async function everyFault(
  engine: NativeEngine,
  one: Case,
  kind: HelperFault['kind'],
): Promise<readonly Struck[]> {
  const found: Struck[] = [];
  for (let call = 1; call < MANY_CALLS; call++) {
    const [outcome] = await engine.runWithFault(one, { packet: 0, kind, call });
    const [input] = one.inputs;
    if (!outcome?.struck || !input) return found;
    found.push({ about: `${one.name}: ${kind} at call ${call}`, input, outcome });
  }
  throw new Error(`${one.name}: more than ${MANY_CALLS} calls`);
}
