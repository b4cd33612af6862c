import { CONTENDERS, type ContenderName } from './contenders/contender.ts';

/** The parts of the bench, in the order in which they run. */
export const PARTS = ['cost', 'packets', 'connections', 'requests', 'latency'] as const;
/** One of them. */
export type Part = (typeof PARTS)[number];

/** What is run and for how long. */
export interface Plan {
  readonly parts: readonly Part[];
  /** Who is measured, where the machine has it. */
  readonly contenders: readonly ContenderName[];
  /** Times that every contender is measured. */
  readonly rounds: number;
  /** Rounds before these whose samples are thrown away: tables fill, flows become established ones. */
  readonly warmUpRounds: number;
  /** Length of one run of wrk. */
  readonly wrkMs: number;
  /** Length of one run of the packet generator. */
  readonly generateMs: number;
  readonly cost: CostPlan;
}

/** How the cost of a packet is measured. */
export interface CostPlan {
  readonly rounds: number;
  /** Packets of one sample of one flow. */
  readonly packets: number;
  /** The larger number of flows; a sample has that many packets, so that each flow is met once. */
  readonly manyFlows: number;
}

/** What the command line can wish for. */
export interface PlanOptions {
  readonly rounds?: number;
  /** The larger number of flows of which the cost of a packet is measured. */
  readonly flows?: number;
  /** Parts to run; all without. */
  readonly only?: readonly Part[];
  /** Contenders to measure; all that the machine has without. */
  readonly contenders?: readonly ContenderName[];
  /** One short round of everything: shows that the bench works, measures nothing worth quoting. */
  readonly quick?: boolean;
}

const FULL_COST: CostPlan = { rounds: 20, packets: 50_000, manyFlows: 100_000 };
const QUICK_COST: CostPlan = { rounds: 2, packets: 20_000, manyFlows: 5_000 };

/** Turns wishes into a plan. */
export function planOf({ rounds, flows, only, contenders, quick = false }: PlanOptions): Plan {
  return {
    parts: PARTS.filter((part) => only === undefined || only.includes(part)),
    contenders: CONTENDERS.filter((name) => contenders === undefined || contenders.includes(name)),
    rounds: rounds ?? (quick ? 1 : 9),
    warmUpRounds: quick ? 0 : 1,
    wrkMs: quick ? 300 : 1000,
    generateMs: quick ? 100 : 600,
    cost: { ...(quick ? QUICK_COST : FULL_COST), ...(flows === undefined ? {} : { manyFlows: flows }) },
  };
}
