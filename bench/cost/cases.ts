import type { BpfProgram } from '../../src/libbpf/index.ts';
import type { CostPlan } from '../plan.ts';
import type { Feed } from './feed.ts';
import type { Feeds } from './frames.ts';
import type { Meter, Subject } from './meter.ts';
import type { CostCase } from './samples.ts';

/** The programs of the balancer under test. */
export interface BalancerPrograms {
  readonly xdp: BpfProgram;
  readonly tc: BpfProgram;
}

/** A case of the course. */
export interface CaseRun {
  readonly case: CostCase;
  readonly subject: Subject;
  /** Packets of one sample. */
  readonly packets: number;
  /** Counter of the balancer, `hook/reason`, that must grow with each packet; null for the yardsticks. */
  readonly counter: string | null;
  /** Share of the packets that may be counted otherwise. */
  readonly tolerance: number;
  /** Each of its packets is of a client never seen before. */
  readonly isNew: boolean;
  /** It is the way of flows that remember their next hop; of these. */
  readonly needsNextHops: 'plain' | 'late' | null;
}

/** How many connections are opened in all while the table of new flows shall have room (it holds 65,536). */
const NEW_WITH_ROOM = 60_000;
/** Cases that share them. */
const NEW_CASES = 2;
/** And in one sample when it is full. */
const NEW_WHEN_FULL = 20_000;
/** Neighbours and routers speak too. */
const CHANCE = 0.001;
/** XDP leaves one new flow in 64 to TC, to confirm the next hop. */
const CONFIRMED = 0.03;

/** The cases in the order in which a round runs them: those that need their next hops first. */
export function caseRuns(
  balancer: BalancerPrograms,
  meter: Meter,
  feeds: Feeds,
  flows: number,
  plan: CostPlan,
): readonly CaseRun[] {
  const packets = flows === 1 ? plan.packets : flows;
  const xdp = { hook: 'xdp', program: balancer.xdp } as const;
  const plain = { packets, tolerance: CHANCE, needsNextHops: null, isNew: false };
  const opening = {
    packets: flows === 1 ? Math.floor(NEW_WITH_ROOM / (2 * NEW_CASES * plan.rounds)) : NEW_WHEN_FULL,
    counter: 'xdp_ingress/new_flow',
    tolerance: CONFIRMED,
    needsNextHops: null,
    isNew: true,
  };
  const bench = (name: 'bare' | 'bare_route', feed: Feed): Subject => ({
    hook: 'xdp',
    program: meter.program(name),
    feed,
  });
  return [
    ...(['plain', 'late'] as const).flatMap((kind): readonly CaseRun[] => [
      {
        ...plain,
        case: kind === 'plain' ? 'established' : 'lateEstablished',
        subject: { ...xdp, feed: feeds[kind].ack },
        counter: 'xdp_ingress/established',
        needsNextHops: kind,
      },
      {
        ...plain,
        case: kind === 'plain' ? 'reply' : 'lateReply',
        subject: { ...xdp, feed: feeds[kind].reply },
        counter: 'xdp_ingress/reply',
        needsNextHops: kind,
      },
    ]),
    { ...plain, case: 'bare', subject: bench('bare', feeds.plain.ack), counter: null },
    { ...plain, case: 'bareRoute', subject: bench('bare_route', feeds.toTarget), counter: null },
    {
      ...plain,
      case: 'pass',
      subject: { ...xdp, feed: feeds.passing },
      counter: 'xdp_ingress/no_listener',
    },
    { ...opening, case: 'new', subject: { ...xdp, feed: feeds.newcomers } },
    { ...opening, case: 'newLimited', subject: { ...xdp, feed: feeds.limitedNewcomers } },
    ...(['plain', 'late'] as const).map(
      (kind): CaseRun => ({
        ...plain,
        case: kind === 'plain' ? 'tcEstablished' : 'tcLateEstablished',
        subject: { hook: 'tc', program: balancer.tc, feed: feeds[kind].ack },
        counter: 'tc_ingress/established',
      }),
    ),
  ];
}
