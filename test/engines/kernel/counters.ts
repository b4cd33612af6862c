import type { BpfMap } from '../../../src/libbpf/index.ts';
import type { HookName } from '../model/basics.ts';
import type { RefusedDelta } from '../model/limits.ts';
import { type LossesDelta, NOTHING_LOST } from '../model/told.ts';
import { NOTHING_COUNTED, type Outcome, type TargetDelta } from '../model.ts';
import {
  decodeLatency,
  decodeLosses,
  decodeRefused,
  decodeTargetCounters,
  type LatencyCounts,
  latencyDelta,
  reasonName,
  u32Key,
} from '../rows/index.ts';
import type { LoadedPrograms } from './loaded-programs.ts';

/** How many ids beyond those of the state are watched: nothing may be counted for them. */
const STRAY_TARGETS = 2;
/** Proxies of a case have ids below that. */
const WATCHED_PROXIES = 8;

/** What the counters say at one moment. */
interface Counters {
  /** By index of `reason_stats`. */
  readonly reasons: readonly number[];
  /** By target id. */
  readonly targets: readonly TargetDelta[];
  /** By target id. */
  readonly latencies: readonly LatencyCounts[];
  readonly failures: number;
  /** By proxy id. */
  readonly refused: readonly RefusedDelta[];
  readonly losses: LossesDelta;
}

const NOTHING_READ: Counters = {
  reasons: [],
  targets: [],
  latencies: [],
  failures: 0,
  refused: [],
  losses: NOTHING_LOST,
};

/** What a packet adds to the counters. */
type Growth = Pick<Outcome, 'reasons' | 'targets' | 'failures' | 'refused' | 'losses'>;

/** Tells by how much the counters of loaded programs grow. Reads them once a packet: what they said last is remembered. */
export class CounterMeter {
  readonly #programs: LoadedPrograms;
  #last: Counters | null = null;

  constructor(programs: LoadedPrograms) {
    this.#programs = programs;
  }

  /** Gets ready for a packet that meets a state of so many targets. */
  start(targetCount: number): void {
    const wanted = targetCount + STRAY_TARGETS;
    if (this.#last === null || this.#last.targets.length < wanted) {
      this.#last = readCounters(this.#programs, wanted);
    }
  }

  /** Something was counted that nobody asks about. */
  forget(): void {
    this.#last = null;
  }

  /** What grew by the packet since {@link start}, as an outcome tells it: without zeros. */
  growth(hook: HookName): Growth {
    const before = this.#last ?? NOTHING_READ;
    const now = readCounters(this.#programs, before.targets.length);
    this.#last = now;
    return difference(hook, before, now);
  }
}

/** Every reason of every hook, and the targets from 0 on. */
function readCounters(
  { reasonStats, targetStats, latencies, failures, rateStats, eventLosses }: LoadedPrograms,
  targetCount: number,
): Counters {
  return {
    reasons: indexes(reasonStats.info.maxEntries).map((index) => sumOf(valuesOf(reasonStats, index))),
    targets: indexes(targetCount).map((id) => decodeTargetCounters(valuesOf(targetStats, id))),
    latencies: indexes(targetCount).map((id) => decodeLatency(valuesOf(latencies, id))),
    failures: sumOf(valuesOf(failures, 0)),
    refused: indexes(WATCHED_PROXIES).map((id) => decodeRefused(valuesOf(rateStats, id))),
    losses: decodeLosses(valuesOf(eventLosses, 0)),
  };
}

function difference(hook: HookName, before: Counters, after: Counters): Growth {
  const reasons = after.reasons.map((count, index): [string, number] => [
    reasonName(hook, index),
    count - (before.reasons[index] ?? 0),
  ]);
  const targets = after.targets.map((counters, id): [number, TargetDelta] => {
    const delta = minus(counters, before.targets[id] ?? NOTHING_COUNTED);
    const latency = latencyGrowth(after.latencies[id], before.latencies[id]);
    return [id, { ...delta, ...latencyDelta(latency, delta.answered) }];
  });
  const refused = after.refused.map(({ source, target }, id): [number, RefusedDelta] => [
    id,
    {
      source: source - (before.refused[id]?.source ?? 0),
      target: target - (before.refused[id]?.target ?? 0),
    },
  ]);
  return {
    refused: Object.fromEntries(refused.filter(([, { source, target }]) => source !== 0 || target !== 0)),
    reasons: Object.fromEntries(reasons.filter(([, count]) => count !== 0)),
    targets: Object.fromEntries(
      targets.filter(([, delta]) => Object.values(delta).some((count) => count !== 0)),
    ),
    failures: after.failures - before.failures,
    losses: {
      opened: after.losses.opened - before.losses.opened,
      closed: after.losses.closed - before.losses.closed,
      flows: after.losses.flows - before.losses.flows,
    },
  };
}

function latencyGrowth(now: LatencyCounts | undefined, before: LatencyCounts | undefined): LatencyCounts {
  const buckets = now?.buckets ?? [];
  return {
    sumNs: (now?.sumNs ?? 0n) - (before?.sumNs ?? 0n),
    buckets: buckets.map((count, index) => count - (before?.buckets[index] ?? 0n)),
  };
}

function minus(a: TargetDelta, b: TargetDelta): TargetDelta {
  return {
    ...NOTHING_COUNTED,
    forwardPackets: a.forwardPackets - b.forwardPackets,
    forwardBytes: a.forwardBytes - b.forwardBytes,
    replyPackets: a.replyPackets - b.replyPackets,
    replyBytes: a.replyBytes - b.replyBytes,
    flows: a.flows - b.flows,
    answered: a.answered - b.answered,
    established: a.established - b.established,
    refused: a.refused - b.refused,
    unanswered: a.unanswered - b.unanswered,
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
