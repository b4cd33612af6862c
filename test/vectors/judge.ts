import { checksumFaults, decodeFrame } from '../../lab/packet/index.ts';
import { type Difference, diffOutcomes } from '../engines/diff.ts';
import type { FlowRow, Outcome } from '../engines/index.ts';
import type { VectorCase } from './cases.ts';

/** Every way in which an outcome is not what its vector says; empty when it is. */
export function judge(each: VectorCase, got: Outcome): readonly Difference[] {
  const { state } = each.case;
  const kept = Object.fromEntries(each.kept.map((table) => [table, state[table]]));
  const calmed = Object.fromEntries(each.kept.map((table) => [table, calm(state[table], got[table])]));
  const differences = diffOutcomes({ ...each.expected, ...kept }, { ...got, ...calmed });
  // The kernel forgets the sum of a packet that it cuts, as for a copy; BPF_PROG_RUN compares it all the same.
  const isBroken = got.hardwareChecksum === 'broken' && each.expected.copies?.length === 0;
  const hardware = { field: 'hardware checksum', expected: 'kept', got: 'broken' };
  return [...differences, ...checksumDifferences(each, got), ...(isBroken ? [hardware] : [])];
}

/** The rows of a table that a vector does not name: what flows count and remember is as before, what they are is not hidden. */
function calm(before: readonly FlowRow[], after: readonly FlowRow[]): readonly FlowRow[] {
  return after.map((row) => {
    const was = before.find(
      (each) => JSON.stringify([each.protocol, each.in]) === JSON.stringify([row.protocol, row.in]),
    );
    if (!was) return row;
    const { packets, bytes, seenEpochsAgo, acked, isn, hop } = was;
    return { ...row, packets, bytes, seenEpochsAgo, acked, isn, hop };
  });
}

/** Checksums that were right and are no longer, by code that knows nothing of what was expected. */
function checksumDifferences({ input }: VectorCase, got: Outcome): readonly Difference[] {
  if (got.verdict === 'drop' || input.partialChecksum || Buffer.compare(input.frame, got.frame) === 0)
    return [];
  if (faults(input.frame).length > 0) return [];
  return faults(got.frame).map((layer) => ({ field: `${layer}.checksum`, expected: 'right', got: 'wrong' }));
}

function faults(frame: Uint8Array): readonly string[] {
  return checksumFaults([decodeFrame(frame)]).map(({ layer }) => layer);
}
