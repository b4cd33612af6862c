import type { HealthMonitor, TargetHealth } from '../health/index.ts';
import type { HealthStatus, ProxyHealthReport, TargetHealthReport } from '../report/index.ts';
import type { DesiredProxy, DesiredTarget } from './desired.ts';
import { poolsOf, poolWeights, targetName } from './pool-weights.ts';

/** Where the health of targets is known. */
export type HealthSource = Pick<HealthMonitor, 'find' | 'factorOf' | 'manualStatus'>;

/** The health of one proxy's targets, and what it makes of their weights. */
export function proxyHealthReport(source: HealthSource, proxy: DesiredProxy): ProxyHealthReport {
  const pools = poolsOf(proxy);
  const unique = new Map(pools.flatMap(({ targets }) => targets).map((each) => [targetName(each), each]));
  const targets = [...unique].flatMap(([name, target]) => targetReports(source, proxy.name, name, target));
  return {
    proxy: proxy.name,
    allHealthy: targets.every(({ status }) => status !== 'unhealthy'),
    canServe: pools.every((pool) => pool.targets.some(({ factors }) => factors.health.value > 0)),
    targets,
    pools: pools.map(poolWeights),
  };
}

/** One report a check; one that says "healthy" for a target that no check knows, because checks are off. */
function targetReports(
  source: HealthSource,
  proxy: string,
  name: string,
  target: DesiredTarget,
): readonly TargetHealthReport[] {
  const known = source.find(proxy, name);
  return known.length > 0
    ? known.map((each) => checkedReport(source, each))
    : [uncheckedReport(name, target)];
}

function checkedReport(source: HealthSource, each: TargetHealth): TargetHealthReport {
  const { proxy, target, settings } = each.spec;
  const { state, last, lastAtMs, consecutiveSuccesses, consecutiveFailures } = each.record;
  const manual = source.manualStatus(proxy, target);
  const isNeverChecked = !each.isChecked && state.status === 'unknown';
  const status: HealthStatus = isNeverChecked ? 'healthy' : state.status;
  return {
    target,
    check: settings.type,
    status: manual ?? status,
    manual,
    factor: source.factorOf(each),
    consecutiveSuccesses,
    consecutiveFailures,
    lastCheckedAt: lastAtMs === null ? null : new Date(lastAtMs).toISOString(),
    lastLatencyMs: last?.latencyMs ?? null,
    lastError: last?.success === false ? last.reason : null,
    lastMessage: last?.message ?? null,
  };
}

function uncheckedReport(target: string, { factors }: DesiredTarget): TargetHealthReport {
  return {
    target,
    check: 'none',
    status: 'healthy',
    manual: null,
    factor: factors.health,
    consecutiveSuccesses: 0,
    consecutiveFailures: 0,
    lastCheckedAt: null,
    lastLatencyMs: null,
    lastError: null,
    lastMessage: null,
  };
}
