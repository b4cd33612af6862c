import { decodeFrame } from '../../../lab/packet/index.ts';
import type { Case, Input, Outcome } from '../model.ts';
import type { NativeEngine } from '../native.ts';
import { everyFault } from './every-fault.ts';
import { reasonOf } from './fault-rules.ts';

/** What became of a case of one packet whose flow another CPU moved to `flows` meanwhile. */
export interface Sighting {
  /** At how many looks it may have moved. */
  readonly looks: number;
  /** Those after which something else became of the packet: it was taken for a stranger's, or dropped. */
  readonly lost: readonly string[];
}

/**
 * Lets another CPU move the flow of a packet at each look for it in turn. A SYN is left out: it is of a flow in `pending`,
 * or opens one; and flows for which bytes are held, because only their target's answer moves them.
 */
export async function sight(engine: NativeEngine, one: Case): Promise<Sighting> {
  const [input] = one.inputs;
  const [[usual] = []] = await engine.run([one]);
  const isOfFlow = usual && input && fateOf(usual) === 'forwarded' && !isSyn(input);
  const mayMove = one.state.pending.length > 0 && (one.state.held ?? []).length === 0;
  if (!isOfFlow || !mayMove) return { looks: 0, lost: [] };
  const struck = await everyFault(engine, one, 'moved');
  const lost = struck.filter(({ outcome }) => fateOf(outcome) !== fateOf(usual));
  return { looks: struck.length, lost: lost.map(({ about, outcome }) => `${about}: ${reasonOf(outcome)}`) };
}

/** `forwarded`, `passed`, `dropped`. */
function fateOf(outcome: Outcome): string | undefined {
  return reasonOf(outcome).split('_')[0];
}

function isSyn({ frame }: Input): boolean {
  const transport = decodeFrame(frame).ip?.transport;
  return transport?.kind === 'tcp' && transport.flags === 'S';
}
