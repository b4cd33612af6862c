import type {
  HealthReport,
  HealthStatus,
  ProxyHealthReport,
  TargetHealthReport,
} from '../../report/index.ts';
import type { Style } from './style.ts';
import { type Column, formatTable } from './table.ts';
import { formatDuration, formatMs } from './units.ts';

const COLUMNS: readonly Column[] = [
  { title: 'TARGET' },
  { title: 'CHECK' },
  { title: 'STATUS' },
  { title: 'LATENCY', align: 'right' },
  { title: 'CHECKED', align: 'right' },
  { title: 'LAST CHECK' },
];

/** The health of targets for people. `nowMs` is the time to count the age of checks to. */
export function formatHealth(report: HealthReport, style: Style, nowMs: number): string {
  const notes = note(report);
  const proxies = report.proxies.map((proxy) => formatProxy(proxy, style, nowMs));
  return [...(notes === null ? [] : [`${style.warning('note:')} ${notes}\n`]), ...proxies].join('\n');
}

function note({ enabled, running }: HealthReport): string | null {
  if (!enabled) return 'health checks are off (settings.healthCheckEnabled): every target counts as healthy';
  return running ? null : 'health checks are stopped: targets keep the health that they had';
}

function formatProxy(proxy: ProxyHealthReport, style: Style, nowMs: number): string {
  const pools = proxy.pools.map(({ pool, originalWeights, effectiveWeights }) => {
    const [original, effective] = [originalWeights, effectiveWeights].map(shares);
    return `${pool} ${original === effective ? original : `${original} -> ${effective}`}`;
  });
  const rows = proxy.targets.map((target) => row(target, style, nowMs));
  return `${style.heading(proxy.proxy)}  ${style.faint(pools.join(', '))}\n${formatTable(COLUMNS, rows, style)}`;
}

function shares(percents: readonly number[]): string {
  return percents.map((percent) => Number(percent.toFixed(1))).join('/');
}

function row(target: TargetHealthReport, style: Style, nowMs: number): string[] {
  const { lastLatencyMs, lastCheckedAt, lastMessage, manual } = target;
  return [
    target.target,
    target.check,
    paint(target.status, style) + (manual === null ? '' : ' (by hand)'),
    formatMs(lastLatencyMs),
    lastCheckedAt === null ? '-' : `${formatDuration((nowMs - Date.parse(lastCheckedAt)) / 1000)} ago`,
    lastMessage ?? target.factor.reason,
  ];
}

function paint(status: HealthStatus, style: Style): string {
  switch (status) {
    case 'healthy':
      return style.good(status);
    case 'unhealthy':
      return style.bad(status);
    case 'recovering':
      return style.warning(status);
    case 'unknown':
      return style.faint(status);
  }
}
