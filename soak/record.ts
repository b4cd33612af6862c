import type { StatsReport } from '../src/report/index.ts';
import type { StageName } from './plan.ts';
import type { ChurnCount } from './programs/churn.ts';
import type { HolderCount } from './programs/holder.ts';
import type { ServerCount } from './programs/server.ts';
import type { AccessLogRecord } from './stage/access-log.ts';
import type { KernelFigures } from './stage/kernel-figures.ts';
import type { ProcessFigures } from './stage/process-figures.ts';

/** The daemon's memory and descriptors at a moment. */
export interface Sample extends ProcessFigures {
  /** Since the beginning of the traffic. */
  readonly atMs: number;
  /** No daemon is started or ended from here to the end: memory is compared between such samples only. */
  readonly isSteady: boolean;
}

/** What was done to a stage. */
export interface Changes {
  reloads: number;
  slowestReloadMs: number;
  /** Reloads that did not end well, and what else went wrong with the daemon. */
  readonly refusals: string[];
  restarts: number;
  /** Restarts whose daemon did not adopt what was there. */
  strangers: number;
  floods: number;
  /** SYNs sent, at least. */
  syns: number;
  /** Captures that no restart has cut off, and the packets that they have told. */
  captures: number;
  capturedPackets: number;
  /** Captures that ended otherwise than they should have. */
  readonly badCaptures: string[];
}

/** A counter that was smaller than before. */
export interface Decrease {
  readonly what: string;
  readonly before: number;
  readonly after: number;
}

/** What the flow table held after the clients had ended. */
export interface Drain {
  /** Flows of the held conversations, and those that the table had once the short ones were forgotten. */
  readonly held: number;
  readonly afterChurn: number;
  /** Entries of any kind once everybody had gone. */
  readonly atEnd: number;
}

/** Everything that was seen of a stage. */
export interface StageRecord {
  readonly name: StageName;
  readonly samples: readonly Sample[];
  readonly changes: Changes;
  readonly decreases: readonly Decrease[];
  /** How often counters were compared. */
  readonly comparisons: number;
  readonly drain: Drain;
  readonly kernel: { readonly before: KernelFigures; readonly after: KernelFigures };
  readonly stats: StatsReport;
  readonly holder: HolderCount;
  readonly churns: readonly ChurnCount[];
  /** By target; with its addresses. */
  readonly servers: Readonly<Record<string, ServerCount & { readonly addresses: readonly string[] }>>;
  readonly errors: readonly string[];
  readonly accessLog: AccessLogRecord;
}
