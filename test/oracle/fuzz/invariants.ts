/** What must be true of every outcome, whatever the packet: judged without the oracle, from the outcome alone. */
import { checksumFaults, decodeFrame } from '../../../lab/index.ts';
import type { FlowRow, Input, Outcome } from '../../engines/index.ts';

/** Answers that the balancer makes itself are as long as their headers, a quoted header and 24 bytes more. */
const LONGEST_ANSWER = 14 + 40 + 8 + 40 + 24;

/** The tables before a packet. */
export type Before = Pick<Outcome, 'flows' | 'pending'>;

/** Sentences about what is wrong; empty when nothing is. */
export function brokenInvariants(input: Input, before: Before, outcome: Outcome): readonly string[] {
  const reasons = Object.entries(outcome.reasons);
  const [name = 'none'] = Object.keys(outcome.reasons);
  const checks: readonly (readonly [boolean, string])[] = [
    [outcome.verdict !== 'aborted', 'a program never aborts'],
    [reasons.length === 1 && reasons[0]?.[1] === 1, 'a packet is counted under exactly one reason'],
    [verdictFits(name, outcome), `${name} does not go with ${outcome.verdict}`],
    [lengthFits(name, input, outcome), 'a packet keeps its length, unless it becomes an answer'],
    [
      name.startsWith('forwarded') ||
        Buffer.compare(input.frame, outcome.frame) === 0 ||
        outcome.verdict === 'drop',
      'a packet that is passed is not touched',
    ],
    [countsFit(name, outcome), 'only forwarded packets count as traffic of a target'],
    [
      name.startsWith('forwarded') || countersKept(before, outcome),
      'a packet that is not forwarded leaves the counters of flows as they were',
    ],
    [
      !name.startsWith('forwarded') || checksumsKept(input, outcome),
      'a packet with right checksums leaves with right checksums',
    ],
    [outcome.hardwareChecksum !== 'broken', 'a sum that the hardware has made stays right'],
  ];
  return checks.filter(([holds]) => !holds).map(([, sentence]) => sentence);
}

function verdictFits(reason: string, outcome: Outcome): boolean {
  if (reason.startsWith('dropped')) return outcome.verdict === 'drop';
  if (reason.startsWith('passed')) return outcome.verdict === 'pass';
  return outcome.verdict === 'redirect' || outcome.verdict === 'pass';
}

function lengthFits(reason: string, input: Input, outcome: Outcome): boolean {
  if (outcome.verdict === 'drop') return true;
  if (reason === 'forwarded_too_big') return outcome.frame.length <= LONGEST_ANSWER;
  return outcome.frame.length === input.frame.length;
}

function countsFit(reason: string, outcome: Outcome): boolean {
  const isTraffic = /^forwarded_(?!icmp|too_big)/.test(reason);
  const counted = Object.values(outcome.targets).some(
    (delta) => delta.forwardPackets + delta.replyPackets > 0,
  );
  return isTraffic === counted;
}

function countersKept(before: Before, after: Outcome): boolean {
  const old = new Set(packetCounts(before));
  return packetCounts(after).every((count) => old.has(count) || count.endsWith(' 0 0'));
}

/** A flow may move from one table to the other. */
function packetCounts({ flows, pending }: Before): readonly string[] {
  return [...flows, ...pending].map(
    ({ protocol, in: { source, sourcePort, destination, destinationPort }, packets, bytes }: FlowRow) =>
      `${protocol} ${source} ${sourcePort} ${destination} ${destinationPort} ${packets} ${bytes}`,
  );
}

function checksumsKept(input: Input, outcome: Outcome): boolean {
  const isFinished = !input.partialChecksum && !input.gso;
  if (!isFinished || outcome.verdict === 'drop') return true;
  return !isRight(input.frame) || isRight(outcome.frame);
}

/** Fragments cannot be judged alone, nor what cannot be decoded. */
function isRight(frame: Uint8Array): boolean {
  return faultsOf(frame) === 0;
}

function faultsOf(frame: Uint8Array): number | undefined {
  try {
    return checksumFaults([decodeFrame(Buffer.from(frame))]).length;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
