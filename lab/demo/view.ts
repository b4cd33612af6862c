import type { StatusReport, TargetReport } from '../../src/report/index.ts';
import type { TrafficCount } from '../programs/traffic.ts';
import type { DemoPool, DemoTarget } from './plan.ts';

/** One target as the demo shows it. */
export interface TargetRow {
  readonly name: string;
  readonly address: string;
  readonly weightPercent: number;
  /** Share of the client's connections; undefined before the first. */
  readonly seenPercent: number | undefined;
  /** Connections that the client counted. */
  readonly connections: number;
  /** Flows that the kernel has open now. */
  readonly active: number;
  /** Bytes that the kernel forwarded, both directions. */
  readonly bytes: number;
}

/** One pool as the demo shows it. */
export interface PoolView {
  readonly title: string;
  readonly client: string;
  readonly connections: number;
  readonly perSecond: number;
  readonly errors: number;
  readonly rows: readonly TargetRow[];
}

/** What a client had counted at a moment; the rate comes from two of them. */
export interface Sample {
  readonly atMs: number;
  readonly connections: number;
}

/** Joins the client's counts with the kernel's. Pure. */
export function viewPool(
  pool: DemoPool,
  count: TrafficCount,
  status: StatusReport,
  earlier: Sample,
  nowMs: number,
): PoolView {
  const connections = total(count);
  const seconds = Math.max(nowMs - earlier.atMs, 1) / 1000;
  return {
    title: pool.title,
    client: `client${pool.client + 1}`,
    connections,
    perSecond: (connections - earlier.connections) / seconds,
    errors: count.errors + strangers(pool, count),
    rows: pool.targets.map((target) => row(pool, target, count, status, connections)),
  };
}

/** Connections in a count, whoever answered. */
export function total(count: TrafficCount): number {
  return Object.values(count.byTarget).reduce((sum, each) => sum + each, 0);
}

function row(
  pool: DemoPool,
  target: DemoTarget,
  count: TrafficCount,
  status: StatusReport,
  connections: number,
): TargetRow {
  const mine = count.byTarget[target.name] ?? 0;
  const report = reportOf(pool, target, status);
  return {
    name: target.name,
    address: target.address,
    weightPercent: target.weight,
    seenPercent: connections === 0 ? undefined : (100 * mine) / connections,
    connections: mine,
    active: report?.activeFlows ?? 0,
    bytes: report ? report.forward.bytes + report.reply.bytes : 0,
  };
}

function reportOf(pool: DemoPool, target: DemoTarget, status: StatusReport): TargetReport | undefined {
  const proxy = status.proxies.find((each) => each.name === pool.proxy);
  return proxy?.targets.find((each) => each.target === target.address);
}

/** Connections answered by a target that is not in the pool. */
function strangers(pool: DemoPool, count: TrafficCount): number {
  const known = new Set(pool.targets.map((target) => target.name));
  return Object.entries(count.byTarget)
    .filter(([name]) => !known.has(name))
    .reduce((sum, [, each]) => sum + each, 0);
}
