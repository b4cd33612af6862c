import type { BpfMap } from '../../../src/libbpf/index.ts';
import type { HookName, Outcome, TargetDelta } from '../model.ts';
import { decodeTargetCounters, reasonName, u32Key } from '../rows/index.ts';
import type { LoadedPrograms } from './loaded-programs.ts';

/** How many ids beyond those of the state are watched: nothing may be counted for them. */
const STRAY_TARGETS = 2;

/** What the counters say at one moment. */
export interface Counters {
  /** By index of `reason_stats`. */
  readonly reasons: readonly number[];
  /** By target id. */
  readonly targets: readonly TargetDelta[];
}

/** Reads every reason of every hook, and the targets of a state that has `targetCount` of them. */
export function readCounters(programs: LoadedPrograms, targetCount: number): Counters {
  const { reasonStats, targetStats } = programs;
  return {
    reasons: indexes(reasonStats.info.maxEntries).map((index) => sumOf(valuesOf(reasonStats, index))),
    targets: indexes(targetCount + STRAY_TARGETS).map((id) =>
      decodeTargetCounters(valuesOf(targetStats, id)),
    ),
  };
}

/** What grew, as an outcome tells it: without zeros. */
export function countersDelta(
  hook: HookName,
  before: Counters,
  after: Counters,
): Pick<Outcome, 'reasons' | 'targets'> {
  const reasons = after.reasons.map((count, index): [string, number] => [
    reasonName(hook, index),
    count - (before.reasons[index] ?? 0),
  ]);
  const targets = after.targets.map((counters, id): [number, TargetDelta] => [
    id,
    minus(counters, before.targets[id] ?? NOTHING),
  ]);
  return {
    reasons: Object.fromEntries(reasons.filter(([, count]) => count !== 0)),
    targets: Object.fromEntries(
      targets.filter(([, delta]) => Object.values(delta).some((count) => count !== 0)),
    ),
  };
}

const NOTHING: TargetDelta = { forwardPackets: 0, forwardBytes: 0, replyPackets: 0, replyBytes: 0, flows: 0 };

function minus(a: TargetDelta, b: TargetDelta): TargetDelta {
  return {
    forwardPackets: a.forwardPackets - b.forwardPackets,
    forwardBytes: a.forwardBytes - b.forwardBytes,
    replyPackets: a.replyPackets - b.replyPackets,
    replyBytes: a.replyBytes - b.replyBytes,
    flows: a.flows - b.flows,
  };
}

function valuesOf(map: BpfMap, index: number): Buffer {
  return map.lookup(u32Key(index)) ?? Buffer.alloc(map.valueBytes);
}

function sumOf(values: Buffer): number {
  let sum = 0;
  for (let at = 0; at < values.length; at += 8) sum += Number(values.readBigUInt64LE(at));
  return sum;
}

function indexes(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}
