import {
  HOOK_NAMES,
  Hook,
  REASON_NAMES,
  readTargetCounters,
  TARGET_COUNTERS_SIZE,
} from '../../../src/datapath/generated/abi.ts';
import type { HookName } from '../model/basics.ts';
import { NOTHING_COUNTED, type TargetDelta } from '../model.ts';

/** `REASON_STRIDE` in abi.h: counters of one hook in `reason_stats`. */
export const REASON_STRIDE = 64;

/** The hook's number in the tables. */
export function hookNumber(hook: HookName): number {
  return { xdp_ingress: Hook.xdpIngress, tc_ingress: Hook.tcIngress, tc_egress: Hook.tcEgress }[hook];
}

/**
 * The name of counter `index` of `reason_stats` as an outcome of `hook` gives it. A packet counts for its own hook only:
 * another hook's counter keeps that hook in its name, so that it is told apart.
 */
export function reasonName(hook: HookName, index: number): string {
  const reason = index % REASON_STRIDE;
  const name = REASON_NAMES[reason] ?? `reason_${reason}`;
  const owner = Math.floor(index / REASON_STRIDE);
  return owner === hookNumber(hook) ? name : `${HOOK_NAMES[owner] ?? `hook_${owner}`}/${name}`;
}

/** What one target's counters say, summed over the CPUs whose values lie one after another in `values`. */
export function decodeTargetCounters(values: Buffer): TargetDelta {
  const sum = { ...NOTHING_COUNTED };
  for (let offset = 0; offset < values.length; offset += TARGET_COUNTERS_SIZE) {
    const { forward, reply, ...attempts } = readTargetCounters(values, offset);
    sum.forwardPackets += Number(forward.packets);
    sum.forwardBytes += Number(forward.bytes);
    sum.replyPackets += Number(reply.packets);
    sum.replyBytes += Number(reply.bytes);
    sum.flows += Number(attempts.flows);
    sum.answered += Number(attempts.answered);
    sum.established += Number(attempts.established);
    sum.refused += Number(attempts.refused);
    sum.unanswered += Number(attempts.unanswered);
  }
  return sum;
}
