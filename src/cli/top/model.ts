import type {
  DrainReport,
  ProxyReport,
  StatsReport,
  TargetLatencyReport,
  TargetWeightReport,
} from '../../report/index.ts';
import { NO_RATES, perSecond, type Rates, ratesBetween, sumRates } from './rates.ts';
import type { TopSample } from './sample.ts';
import { type TargetStateWord, targetStateWord, whyOf } from './target-state.ts';

/** How long a target took to answer SYNs lately, milliseconds; null when it answered none. */
export type TopLatency = Pick<TargetLatencyReport, 'p50Ms' | 'p95Ms' | 'p99Ms'>;

/** One target as it is now. */
export interface TopTarget extends Rates {
  readonly proxy: string;
  readonly target: string;
  readonly state: TargetStateWord;
  readonly why: string;
  /** The drain under way; null when there is none. */
  readonly drain: DrainReport | null;
  /** Share of new connections of the first pool that has it, percent. */
  readonly sharePercent: number;
  /** `default`, sources and host names of routes, with its share there. */
  readonly pools: readonly { readonly pool: string; readonly sharePercent: number }[];
  readonly configuredWeight: number;
  readonly effectiveWeight: number;
  readonly activeFlows: number;
  readonly connectLatency: TopLatency;
}

/** One proxy as it is now. */
export interface TopProxy extends Rates {
  readonly name: string;
  readonly mode: ProxyReport['mode'];
  readonly algorithm: ProxyReport['algorithm'];
  readonly listeners: readonly string[];
  readonly activeFlows: number;
  readonly targets: readonly TopTarget[];
}

/** Packets that left for a reason that nobody wishes for. */
export interface TopReason {
  readonly reason: string;
  readonly outcome: StatsReport['reasons'][number]['outcome'];
  readonly perSec: number | null;
  readonly packets: number;
}

/** Everything that `sluice top` shows, whatever the size of the terminal. */
export interface TopModel {
  readonly instance: string;
  readonly version: string;
  readonly startedAt: string;
  readonly generation: number;
  readonly flows: TopSample['status']['flows'];
  readonly totals: Rates;
  /** Packets dropped, by reason, the most frequent first; those that never occurred are left out. */
  readonly drops: readonly TopReason[];
  readonly proxies: readonly TopProxy[];
  readonly warnings: readonly string[];
}

/** What a daemon says, and how fast its counters grew since `before`. */
export function buildModel(now: TopSample, before: TopSample | null): TopModel {
  const seconds = before === null ? 0 : (now.atMs - before.atMs) / 1000;
  const { status, stats } = now;
  const targets = targetsByProxy(now, before, seconds);
  return {
    instance: status.instance,
    version: status.version,
    startedAt: status.startedAt,
    generation: status.generation,
    flows: status.flows,
    totals: before === null ? NO_RATES : ratesBetween(before.stats.totals, stats.totals, seconds),
    drops: dropsOf(stats, before?.stats, seconds),
    proxies: status.proxies.map((proxy) => proxyOf(proxy, targets.get(proxy.name) ?? [])),
    warnings: status.warnings,
  };
}

function proxyOf({ name, mode, algorithm, listeners }: ProxyReport, targets: readonly TopTarget[]): TopProxy {
  const activeFlows = targets.reduce((sum, target) => sum + target.activeFlows, 0);
  return { name, mode, algorithm, listeners, targets, activeFlows, ...sumRates(targets) };
}

function targetsByProxy(now: TopSample, before: TopSample | null, seconds: number): Map<string, TopTarget[]> {
  const earlier = new Map(before?.stats.targets.map((each) => [keyOf(each), each]));
  const drains = new Map(now.drains.drains.map((each) => [keyOf(each), each]));
  const weights = groupBy(now.weights.targets, keyOf);
  const latencies = new Map(now.latencies.targets.map((each) => [keyOf(each), each]));
  const targets = now.status.proxies.flatMap((proxy) => proxy.targets);
  const all = targets.map((report): TopTarget => {
    const key = keyOf(report);
    const { proxy, target, activeFlows } = report;
    const rates = ratesBetween(earlier.get(key), report, seconds);
    return {
      proxy,
      target,
      activeFlows,
      connectLatency: latencyOf(latencies.get(key)),
      ...standing(weights.get(key) ?? [], drains.get(key) ?? null),
      ...rates,
    };
  });
  return groupBy(all, ({ proxy }) => proxy);
}

function latencyOf(latency: TopLatency | undefined): TopLatency {
  const { p50Ms = null, p95Ms = null, p99Ms = null } = latency ?? {};
  return { p50Ms, p95Ms, p99Ms };
}

function groupBy<Row>(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
}

/** How a target stands in its pools. One that has just come or gone may be in none. */
function standing(rows: readonly TargetWeightReport[], drain: DrainReport | null) {
  const [first] = rows;
  return {
    drain,
    state: first === undefined ? GONE : targetStateWord(first, drain),
    why: first === undefined ? '' : whyOf(first, drain),
    sharePercent: first?.sharePercent ?? 0,
    pools: rows.map(({ pool, sharePercent }) => ({ pool, sharePercent })),
    configuredWeight: first?.configuredWeight ?? 0,
    effectiveWeight: first?.effectiveWeight ?? 0,
  };
}

const GONE: TargetStateWord = { text: 'not in use', tone: 'faint' };

function dropsOf(now: StatsReport, before: StatsReport | undefined, seconds: number): TopReason[] {
  const earlier = new Map(before?.reasons.map((each) => [`${each.hook} ${each.reason}`, each.packets]));
  const byReason = new Map<string, TopReason>();
  for (const { hook, reason, outcome, packets } of now.reasons) {
    if (outcome !== 'dropped' || packets === 0) continue;
    const was = before === undefined ? undefined : (earlier.get(`${hook} ${reason}`) ?? 0);
    const rate = was === undefined ? null : perSecond(was, packets, seconds);
    const known = byReason.get(reason);
    const perSec = known === undefined || known.perSec === null || rate === null ? rate : known.perSec + rate;
    byReason.set(reason, { reason, outcome, perSec, packets: packets + (known?.packets ?? 0) });
  }
  return [...byReason.values()].sort(
    (a, b) => (b.perSec ?? 0) - (a.perSec ?? 0) || b.packets - a.packets || a.reason.localeCompare(b.reason),
  );
}

/** A target's key: names of proxies have no zero byte. */
export function keyOf({ proxy, target }: { readonly proxy: string; readonly target: string }): string {
  return `${proxy}\0${target}`;
}
