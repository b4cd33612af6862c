import { checksumFaults, decodeFrame } from '../../../lab/packet/index.ts';
import type { Outcome } from '../model.ts';
import type { Struck } from './every-fault.ts';

/** What holds for every packet, whatever fails meanwhile. */
export interface FaultRule {
  readonly sentence: string;
  readonly holds: (struck: Struck) => boolean;
}

/** All of them. */
export const RULES: readonly FaultRule[] = [
  {
    sentence:
      'never aborts the program, and counts the packet under exactly one reason that goes with what became of it',
    holds: ({ outcome }) => {
      const reason = reasonOf(outcome);
      if (reason.startsWith('passed')) return outcome.verdict === 'pass';
      if (reason.startsWith('dropped')) return outcome.verdict === 'drop';
      if (reason === 'forwarded_held' && outcome.verdict === 'drop') return true;
      return reason.startsWith('forwarded') && ['redirect', 'pass'].includes(outcome.verdict);
    },
  },
  {
    sentence: 'never lets a packet out that is rewritten in part',
    holds: ({ input, outcome }) => {
      if (outcome.verdict === 'drop') return true;
      if (reasonOf(outcome).startsWith('passed')) return Buffer.compare(input.frame, outcome.frame) === 0;
      return input.partialChecksum === true || faultsOf(outcome.frame) <= faultsOf(input.frame);
    },
  },
  {
    sentence: 'counts as traffic to targets what has left, and nothing else',
    holds: ({ outcome }) => {
      const sent = Object.values(outcome.targets).reduce(
        (sum, { forwardPackets }) => sum + forwardPackets,
        0,
      );
      return outcome.verdict !== 'drop' || sent === (outcome.copies?.length ?? 0);
    },
  },
  {
    sentence: 'counts no reply of a target that is dropped before it has done anything',
    holds: ({ outcome }) => {
      const replies = Object.values(outcome.targets).filter(({ replyPackets }) => replyPackets > 0);
      // An answer to a SYN, or what asks for held bytes, has been heard, whatever becomes of those.
      return !reasonOf(outcome).startsWith('dropped') || replies.length === 0 || isHeld(outcome);
    },
  },
];

/** The reason, if there is exactly one, counted once. */
export function reasonOf({ reasons }: Outcome): string {
  const [first, ...others] = Object.entries(reasons);
  return first && others.length === 0 && first[1] === 1 ? first[0] : JSON.stringify(reasons);
}

/** Whether the flow is one for whose target something is held. */
function isHeld({ flows, pending, held }: Outcome): boolean {
  return held.length > 0 || [...flows, ...pending].some(({ late, header }) => late?.held || header?.held);
}

function faultsOf(frame: Uint8Array): number {
  return checksumFaults([decodeFrame(Buffer.from(frame))]).length;
}
