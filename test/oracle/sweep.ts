/** The sweep: what is idle goes, what is open is counted. */
import type { EventRow, FlowRow, HeldRow, SlotRow, State } from '../engines/index.ts';
import { peerOf } from './flows.ts';
import { sweepHeld } from './sweep-held.ts';
import { type FlowTable, flowRows, type Half, loadTables } from './tables.ts';
import { tellEvicted, tellRemoved } from './tell.ts';

/** How long a flow may be idle, nanoseconds. */
export interface Timeouts {
  readonly synNs: number;
  readonly establishedNs: number;
  readonly closingNs: number;
  readonly udpNs: number;
  /** How long a target may take to answer a SYN. */
  readonly answerNs: number;
  /** How long ago the sweep before was; null when there was none. */
  readonly lastAgoNs: number | null;
}

/** What a sweep leaves and tells. */
export interface Swept {
  /** What is told, in no order. */
  readonly events: readonly EventRow[];
  readonly flows: readonly FlowRow[];
  readonly pending: readonly FlowRow[];
  readonly held: readonly HeldRow[];
  /** By index. */
  readonly slots: Readonly<Record<number, SlotRow>>;
  /** Open flows in `flows`. */
  readonly active: number;
  /** Open flows in `pending`. */
  readonly pendingActive: number;
  /** Halves that were removed. */
  readonly expired: number;
  /** Open flows by target id; targets without any are absent. */
  readonly activeByTarget: Readonly<Record<number, number>>;
  /** SYNs whose time to be answered ran out since the sweep before, by target id. */
  readonly unansweredByTarget: Readonly<Record<number, number>>;
}

const EPOCH_NS = 2 ** 30;
const NOW = 1_000_000;

/** What must come of a sweep over a state. */
export function sweepState(state: State, timeouts: Timeouts): Swept {
  const tables = loadTables(state, NOW);
  const [flows, pending] = [sweepTable(tables.flows, timeouts), sweepTable(tables.pending, timeouts)];
  const { telling } = tables;
  for (const [before, after] of [
    [tables.pending, pending],
    [tables.flows, flows],
  ] as const) {
    for (const [key, half] of before) {
      if (!after.has(key)) tellRemoved(telling, before, half, 'timeout', NOW);
    }
  }
  tellEvicted(telling, [pending, flows], NOW);
  const open = { flows: openFlows(flows), pending: openFlows(pending) };
  const unanswered = [tables.flows, tables.pending].flatMap((table) => unansweredFlows(table, timeouts));
  return {
    events: telling.events,
    flows: flowRows(tables, flows, NOW),
    pending: flowRows(tables, pending, NOW),
    ...sweepHeld(state, timeouts),
    active: open.flows.length,
    pendingActive: open.pending.length,
    expired: tables.flows.size + tables.pending.size - flows.size - pending.size,
    activeByTarget: byTarget([...open.flows, ...open.pending]),
    unansweredByTarget: byTarget(unanswered),
  };
}

function byTarget(halves: readonly Half[]): Readonly<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const { target } of halves) counts[target] = (counts[target] ?? 0) + 1;
  return counts;
}

/** Reply halves without a SYN-ACK, of clients whose SYN was sent on, that were not overdue at the sweep before and are now. */
function unansweredFlows(table: FlowTable, { answerNs, lastAgoNs }: Timeouts): readonly Half[] {
  if (lastAgoNs === null) return [];
  return [...table.values()].filter((half) => {
    const ageNs = (NOW - half.created) * EPOCH_NS;
    const isDue = ageNs >= answerNs && ageNs - lastAgoNs < answerNs;
    const isWaiting = half.direction === 'reply' && half.state === 'syn' && half.isn === 0;
    return isDue && isWaiting && (peerOf(table, half)?.packets ?? 0) > 0;
  });
}

/** A flow is idle when both its directions are. */
function sweepTable(table: FlowTable, timeouts: Timeouts): FlowTable {
  const isIdle = (half: Half) => (NOW - half.seen) * EPOCH_NS > timeoutOf(half, timeouts);
  const stays = (half: Half) => {
    const peer = peerOf(table, half);
    return !isIdle(half) || (peer !== undefined && !isIdle(peer));
  };
  return new Map([...table].filter(([, half]) => stays(half)));
}

/** A flow is counted at its forward half, until it closes. */
function openFlows(table: FlowTable): readonly Half[] {
  return [...table.values()].filter(({ direction, state }) => direction === 'forward' && state !== 'closing');
}

function timeoutOf({ state }: Half, timeouts: Timeouts): number {
  const byState = {
    syn: timeouts.synNs,
    established: timeouts.establishedNs,
    closing: timeouts.closingNs,
    udp: timeouts.udpNs,
  };
  return byState[state];
}
