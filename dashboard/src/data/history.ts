import type { StatsReport } from '../../../src/report/index.ts';

/** Points that are kept: five minutes at one every two seconds. */
const MAX_POINTS = 150;
/** Samples that are closer together say too little of a rate. */
const MIN_GAP_MS = 900;
/** After a longer silence nothing is known of the time between, and the plots show a gap. */
const MAX_GAP_MS = 10_000;

/** Counters at one time. */
export interface Sample {
  readonly atMs: number;
  readonly stats: StatsReport;
}

/** What a target did. */
export interface TargetRates {
  readonly flowsPerSecond: number;
  readonly bitsPerSecond: number;
  readonly failedPerSecond: number;
}

/** What happened a second, between two samples. */
export interface Rates {
  readonly flowsPerSecond: number;
  readonly bitsToTargets: number;
  readonly bitsToClients: number;
  /** Connections that targets refused or did not answer. */
  readonly failedPerSecond: number;
  /** By {@link targetKey}. */
  readonly targets: ReadonlyMap<string, TargetRates>;
  /** Packets by {@link reasonKey}. */
  readonly reasons: ReadonlyMap<string, number>;
}

/** One point of the plots; no rates where nothing is known. */
export interface Point {
  readonly atMs: number;
  readonly rates: Rates | null;
}

/** What was sampled lately. */
export interface History {
  readonly last: Sample | null;
  readonly points: readonly Point[];
}

/** Before the first sample. */
export const NO_HISTORY: History = { last: null, points: [] };

/** Names a target of a proxy. */
export function targetKey({ proxy, target }: { readonly proxy: string; readonly target: string }): string {
  return JSON.stringify([proxy, target]);
}

/** Names a reason of a hook. */
export function reasonKey({ hook, reason }: { readonly hook: string; readonly reason: string }): string {
  return `${hook}/${reason}`;
}

/** The history with one sample more. */
export function extend({ last, points }: History, sample: Sample): History {
  if (last === null) return { last: sample, points };
  if (sample.atMs - last.atMs < MIN_GAP_MS) return { last, points };
  const point = { atMs: sample.atMs, rates: ratesBetween(last, sample) };
  return { last: sample, points: [...points, point].slice(-MAX_POINTS) };
}

/** The rates of the youngest point. */
export function ratesNow({ points }: History): Rates | null {
  return points.at(-1)?.rates ?? null;
}

function ratesBetween(before: Sample, after: Sample): Rates | null {
  const seconds = (after.atMs - before.atMs) / 1000;
  const [old, now] = [before.stats.totals, after.stats.totals];
  // Counters begin anew after a detach.
  if (seconds <= 0 || seconds * 1000 > MAX_GAP_MS || now.flows < old.flows) return null;
  const perSecond = (from: number, to: number) => Math.max(0, to - from) / seconds;
  const oldTargets = new Map(before.stats.targets.map((each) => [targetKey(each), each]));
  const oldReasons = new Map(before.stats.reasons.map((each) => [reasonKey(each), each.packets]));
  return {
    flowsPerSecond: perSecond(old.flows, now.flows),
    bitsToTargets: 8 * perSecond(old.forward.bytes, now.forward.bytes),
    bitsToClients: 8 * perSecond(old.reply.bytes, now.reply.bytes),
    failedPerSecond: perSecond(failed(old.attempts), failed(now.attempts)),
    targets: new Map(
      after.stats.targets.map((each) => {
        const was = oldTargets.get(targetKey(each));
        if (was === undefined) return [targetKey(each), IDLE];
        return [
          targetKey(each),
          {
            flowsPerSecond: perSecond(was.flows, each.flows),
            bitsPerSecond:
              8 * perSecond(was.forward.bytes + was.reply.bytes, each.forward.bytes + each.reply.bytes),
            failedPerSecond: perSecond(failed(was.attempts), failed(each.attempts)),
          },
        ];
      }),
    ),
    reasons: new Map(
      after.stats.reasons.map((each) => {
        const key = reasonKey(each);
        return [key, perSecond(oldReasons.get(key) ?? 0, each.packets)];
      }),
    ),
  };
}

const IDLE: TargetRates = { flowsPerSecond: 0, bitsPerSecond: 0, failedPerSecond: 0 };

function failed({ refused, unanswered }: StatsReport['totals']['attempts']): number {
  return refused + unanswered;
}
