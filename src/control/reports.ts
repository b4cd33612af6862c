import { formatEndpoint } from '../config/index.ts';
import type { Datapath, TargetEntry } from '../datapath/index.ts';
import {
  type FlowEventsReport,
  type ProxyReport,
  type StatsReport,
  type TargetReport,
  type TargetsReport,
  type TargetWeightReport,
  targetNameKey,
} from '../report/index.ts';
import { percentShares } from '../weights/index.ts';
import type { DesiredProxy, DesiredState, DesiredTarget } from './desired.ts';
import { type NamedPool, poolsOf, targetName } from './pool-weights.ts';
import { listenerKey, type TableState, targetKey } from './table-state.ts';

/** The part of the data path that counts. */
export type Counters = Pick<Datapath, 'activeFlows' | 'targetCounts' | 'reasonCounts'>;

/** What reports are made of. */
export interface ReportContext {
  readonly datapath: Counters;
  readonly state: TableState;
  readonly desired: DesiredState;
}

/** The proxies with their targets and counters. */
export function proxyReports(context: ReportContext): ProxyReport[] {
  return context.desired.proxies.map((proxy) => ({
    name: proxy.name,
    mode: proxy.mode,
    algorithm: proxy.algorithm,
    listeners: proxy.listeners.map(listenerKey),
    targets: configuredTargets(context, proxy),
  }));
}

/**
 * All counters. Totals also count the targets that were removed, so they never go down; a removed target is
 * listed while it still has open flows.
 */
export function statsReport(
  context: ReportContext,
  activeFlows: number,
  flowEvents: FlowEventsReport,
): StatsReport {
  const configured = context.desired.proxies.flatMap((proxy) => configuredTargets(context, proxy));
  const known = new Set(configured.map(targetNameKey));
  const every = everyTarget(context);
  const leaving = every.filter((t) => t.activeFlows > 0 && !known.has(targetNameKey(t)));
  return {
    totals: {
      activeFlows,
      flows: sum(every, (target) => target.flows),
      forward: {
        packets: sum(every, (target) => target.forward.packets),
        bytes: sum(every, (target) => target.forward.bytes),
      },
      reply: {
        packets: sum(every, (target) => target.reply.packets),
        bytes: sum(every, (target) => target.reply.bytes),
      },
      attempts: {
        answered: sum(every, (target) => target.attempts.answered),
        established: sum(every, (target) => target.attempts.established),
        refused: sum(every, (target) => target.attempts.refused),
        unanswered: sum(every, (target) => target.attempts.unanswered),
      },
    },
    targets: [...configured, ...leaving],
    reasons: context.datapath.reasonCounts(),
    flowEvents,
  };
}

/** Names of proxies by id, also of removed ones. */
export function proxyNames(state: Pick<TableState, 'proxies'>): ReadonlyMap<number, string> {
  return new Map([...state.proxies].map(([name, id]) => [id, name]));
}

function configuredTargets(context: ReportContext, proxy: DesiredProxy): TargetReport[] {
  const proxyId = context.state.proxies.get(proxy.name);
  const reports = new Map<string, TargetReport>();
  const pools = poolsByTarget(proxy);
  for (const { targets } of poolsOf(proxy)) {
    const total = sum(targets, (target) => target.weight);
    for (const target of targets) {
      const name = targetName(target);
      const entry = findTarget(context.state, proxyId, target);
      if (reports.has(name) || entry === undefined) continue;
      const weight = total > 0 ? (target.weight / total) * 100 : 0;
      reports.set(name, {
        ...targetReport(context.datapath, entry, proxy.name),
        weight,
        pools: pools.get(name) ?? [],
      });
    }
  }
  return [...reports.values()];
}

/** Names of the pools that have a target, by its name. */
function poolsByTarget(proxy: DesiredProxy): ReadonlyMap<string, readonly string[]> {
  const named = new Map<string, string[]>();
  for (const { pool, targets } of poolsOf(proxy)) {
    for (const name of new Set(targets.map(targetName))) {
      const pools = named.get(name) ?? [];
      pools.push(pool);
      named.set(name, pools);
    }
  }
  return named;
}

/** Every target of every pool, with how its share comes about. */
export function targetsReport({ datapath, state, desired }: ReportContext): TargetsReport {
  const ofPool = (proxy: string, { pool, algorithm, targets }: NamedPool): TargetWeightReport[] => {
    const shares = percentShares(targets.map(({ weight }) => weight));
    return targets.map((target, index) => {
      const entry = findTarget(state, state.proxies.get(proxy), target);
      return {
        proxy,
        pool,
        algorithm,
        target: targetName(target),
        configuredWeight: target.configuredWeight,
        effectiveWeight: target.weight,
        sharePercent: shares[index] ?? 0,
        factors: target.factors,
        activeFlows: entry === undefined ? 0 : datapath.activeFlows(entry.id),
      };
    });
  };
  return {
    targets: desired.proxies.flatMap((proxy) => poolsOf(proxy).flatMap((pool) => ofPool(proxy.name, pool))),
  };
}

function findTarget(state: TableState, proxyId: number | undefined, target: DesiredTarget) {
  if (proxyId === undefined) return undefined;
  return state.targets.get(targetKey(proxyId, target.address, target.port));
}

function everyTarget({ state, datapath }: ReportContext): TargetReport[] {
  const names = proxyNames(state);
  return [...state.targets.values()].map((target) =>
    targetReport(datapath, target, names.get(target.proxyId) ?? ''),
  );
}

/** A target that no pool names. */
function targetReport(datapath: Counters, target: TargetEntry, proxy: string): TargetReport {
  return {
    proxy,
    target: formatEndpoint({ ip: target.address, port: target.port }),
    weight: 0,
    pools: [],
    activeFlows: datapath.activeFlows(target.id),
    ...datapath.targetCounts(target.id),
  };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
