import { type BpfMap, possibleCpus } from '../libbpf/index.ts';
import { sumAttempts } from './attempts.ts';
import type { TargetCounts } from './entries.ts';
import {
  HOOK_COUNT,
  HOOK_NAMES,
  REASON_NAMES,
  readTargetCounters,
  TARGET_COUNTERS_SIZE,
} from './generated/abi.ts';
import { u32Key } from './u32-key.ts';

/** Packets that left a hook for a reason. */
export interface ReasonCount {
  /** `xdp_ingress`, `tc_ingress` or `tc_egress`. */
  readonly hook: string;
  /** The name of the kernel's enum in lower case, without its outcome: `established`, `no_listener`. */
  readonly reason: string;
  readonly outcome: 'forwarded' | 'passed' | 'dropped';
  readonly packets: number;
}

/** Sums a target's counters over the CPUs. */
export function readTargetCounts(map: BpfMap, id: number): TargetCounts {
  return sumTargetCounts(map.lookup(u32Key(id)) ?? Buffer.alloc(map.valueBytes), 0);
}

/** The same, of values that lie side by side from `offset` on. */
export function sumTargetCounts(values: Buffer, offset: number): TargetCounts {
  const total = {
    forward: { packets: 0, bytes: 0 },
    reply: { packets: 0, bytes: 0 },
    flows: 0,
    attempts: sumAttempts(values, offset),
  };
  for (let cpu = 0; cpu < possibleCpus(); cpu++) {
    const counters = readTargetCounters(values, offset + cpu * TARGET_COUNTERS_SIZE);
    for (const direction of ['forward', 'reply'] as const) {
      total[direction].packets += Number(counters[direction].packets);
      total[direction].bytes += Number(counters[direction].bytes);
    }
    total.flows += Number(counters.flows);
  }
  return total;
}

/** Every reason that was counted at least once. */
export function readReasonCounts(map: BpfMap): ReasonCount[] {
  const counts: ReasonCount[] = [];
  const stride = map.info.maxEntries / HOOK_COUNT;
  HOOK_NAMES.forEach((hook, hookIndex) => {
    for (const [reason, label] of Object.entries(REASON_NAMES)) {
      const packets = sumCpus(map, hookIndex * stride + Number(reason));
      const [outcome, ...rest] = label.split('_');
      if (packets > 0) counts.push({ hook, reason: rest.join('_'), outcome: checkOutcome(outcome), packets });
    }
  });
  return counts;
}

function sumCpus(map: BpfMap, index: number): number {
  const values = map.lookup(u32Key(index)) ?? Buffer.alloc(map.valueBytes);
  let sum = 0;
  for (let cpu = 0; cpu < possibleCpus(); cpu++) sum += Number(values.readBigUInt64LE(cpu * 8));
  return sum;
}

/** The prefix of a reason says what became of the packet (bpf/abi.h). */
function checkOutcome(prefix: string | undefined): ReasonCount['outcome'] {
  return prefix === 'forwarded' || prefix === 'dropped' ? prefix : 'passed';
}
