/** What a sweep leaves of connections whose bytes are held. */
import type { HeldRow, SlotRow, State } from '../engines/index.ts';
import type { Timeouts } from './sweep.ts';

/** How long one is remembered whose time was up, so that its client hears of it: 64 epochs. */
const REMEMBERED_NS = 64 * 2 ** 30;

/**
 * A connection has as long to get to its target as a SYN has to be answered. Then its slot is free, and the next connection's
 * turn; unless it is another's already, or a packet is being added to it, which a later sweep will find done.
 */
export function sweepHeld(
  { held = [], slots = {} }: Pick<State, 'held' | 'slots'>,
  { synNs }: Pick<Timeouts, 'synNs'>,
): { readonly held: readonly HeldRow[]; readonly slots: Readonly<Record<number, SlotRow>> } {
  const isOverdue = ({ ageNs }: HeldRow, moreNs: number) => ageNs > BigInt(synNs) + BigInt(moreNs);
  const overdue = held.filter((row) => isOverdue(row, 0));
  const isLetGo = (index: number, { turn, state, busy }: SlotRow) =>
    state !== 'free' && !busy && overdue.some((row) => row.slot === index && row.turn === turn);
  const after = Object.entries(slots).map(
    ([index, row]) => [index, isLetGo(Number(index), row) ? next(row) : row] as const,
  );
  return {
    held: held.filter((row) => !isOverdue(row, REMEMBERED_NS)),
    slots: Object.fromEntries(after.filter(([, row]) => isUsed(row))),
  };
}

function next({ turn, busy }: SlotRow): SlotRow {
  return { turn: (turn + 1) % 2 ** 32, state: 'free', busy };
}

/** Turns go round, and who begins again is as one who never began. */
function isUsed({ turn, state, busy }: SlotRow): boolean {
  return turn !== 0 || state !== 'free' || busy;
}
