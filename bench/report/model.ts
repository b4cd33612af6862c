import type { ContenderName } from '../contenders/contender.ts';
import type { CostCase } from '../cost/samples.ts';
import type { Machine } from '../machine.ts';
import type { Plan } from '../plan.ts';
import type { Summary } from '../statistics.ts';
import type { Figure } from '../trials.ts';

/** Everything that a run of the bench found; what `-o json` prints. */
export interface BenchReport {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
  readonly machine: Machine;
  readonly plan: Plan;
  readonly measurements: readonly Measurement[];
  readonly cost: readonly CostResult[];
  readonly aims: readonly Aim[];
}

/** One figure of all contenders. */
export interface Measurement extends Figure {
  readonly results: readonly ContenderResult[];
}

/** One contender's samples, a round each. */
export interface ContenderResult extends Summary {
  readonly contender: ContenderName;
  /** Median, over the rounds, of this contender's figure divided by another's. */
  readonly ratioTo: Readonly<Partial<Record<ContenderName, number>>>;
}

/** What a packet costs in one case, ns of CPU time. */
export interface CostResult extends Summary {
  readonly case: CostCase;
  readonly flows: number;
  /** Median, over the rounds, of this case's cost divided by that of the bare look-up with as many flows. */
  readonly ratioToBare: number;
}

/** A ratio that Sluice wants to reach. */
export interface Aim {
  readonly what: string;
  readonly value: number;
  readonly bound: 'at least' | 'at most';
  readonly aim: number;
  readonly met: boolean;
}
