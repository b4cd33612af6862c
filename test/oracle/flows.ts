/**
 * Flows: a flow is two halves, each complete. A half's packets come in as `in` and go out as `out`; the other half's
 * come in as `out` turned round and go out as `in` turned round.
 */
import { type HexTuple, sameTuple, tupleKey, turned } from './packet.ts';
import type { FlowTable, Half } from './tables.ts';

/** The other half, if the table has it and it is not another flow's that has the same tuple now. */
export function peerOf(table: FlowTable, half: Half): Half | undefined {
  const other = table.get(tupleKey(half.protocol, turned(half.out)));
  return other && sameTuple(other.out, turned(half.in)) ? other : undefined;
}

/** The other half, made anew if it was evicted; undefined when its tuple is another flow's. */
export function keepPeer(table: FlowTable, half: Half): Half | undefined {
  const key = tupleKey(half.protocol, turned(half.out));
  if (!table.has(key)) table.set(key, otherHalf(half));
  return peerOf(table, half);
}

/** The other half of a flow, which has not yet seen a packet. */
export function otherHalf(half: Half): Half {
  return {
    ...half,
    in: turned(half.out),
    out: turned(half.in),
    direction: half.direction === 'forward' ? 'reply' : 'forward',
    fin: false,
    acked: 0,
    isn: 0,
    packets: 0,
    bytes: 0,
    hop: undefined,
    ...(half.late ? { late: mirrored(half.late) } : {}),
  };
}

/** What one direction adds, the other one takes off. */
function mirrored(late: NonNullable<Half['late']>): NonNullable<Half['late']> {
  return { ...late, seqDelta: negative(late.ackDelta), ackDelta: negative(late.seqDelta) };
}

function negative(number: number): number {
  return (2 ** 32 - number) % 2 ** 32;
}

/** Removes both halves. */
export function removeFlow(table: FlowTable, half: Half): void {
  const peer = peerOf(table, half);
  if (peer) table.delete(tupleKey(peer.protocol, peer.in));
  table.delete(tupleKey(half.protocol, half.in));
}

/** Enters a half under its tuple. */
export function enter(table: FlowTable, half: Half): void {
  table.set(tupleKey(half.protocol, half.in), half);
}

/** The half whose packets look like this. */
export function find(table: FlowTable, protocol: string, tuple: HexTuple): Half | undefined {
  return table.get(tupleKey(protocol, tuple));
}

/** Moves a flow that has proven itself from `pending` to `flows`, where a peer that is there stays; gives the same half there. */
export function establish(pending: FlowTable, flows: FlowTable, half: Half): Half {
  const peer = peerOf(pending, half);
  const state = half.protocol === 'tcp' ? 'established' : half.state;
  removeFlow(pending, half);
  const lasting = { ...half, state };
  if (peer && !find(flows, peer.protocol, peer.in)) enter(flows, { ...peer, state });
  enter(flows, lasting);
  if (!peer) keepPeer(flows, lasting);
  return lasting;
}
