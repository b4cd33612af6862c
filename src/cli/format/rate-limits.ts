import type { ProxyRateLimitsReport, RateLimitsReport } from '../../report/index.ts';
import type { Style } from './style.ts';
import { type Column, formatTable } from './table.ts';
import { formatCount } from './units.ts';

type Limit = ProxyRateLimitsReport['perSource'];

const COLUMNS: readonly Column[] = [
  { title: 'PROXY' },
  { title: 'OF' },
  { title: 'LIMIT' },
  { title: 'HELD BACK', align: 'right' },
  { title: 'LAST' },
];

/** Limits and whom they hold back, for people. */
export function formatRateLimits({ proxies }: RateLimitsReport, style: Style): string {
  const rows = proxies.flatMap(rowsOf);
  return rows.length === 0 ? style.faint('there is no limit\n') : formatTable(COLUMNS, rows, style);
}

function rowsOf(report: ProxyRateLimitsReport): string[][] {
  const { proxy, perSource, dropped, limitedSources, targets } = report;
  const first = perSource !== null || dropped.source > 0;
  return [
    ...(first ? [[proxy, 'each source', textOf(perSource), formatCount(dropped.source), '']] : []),
    ...limitedSources.map((each) => [
      proxy,
      `  ${each.source}`,
      '',
      formatCount(each.dropped),
      agoText(each.agoMs),
    ]),
    ...targets.map((each) => [
      proxy,
      each.target,
      textOf(each.limit),
      formatCount(each.refused),
      agoText(each.agoMs),
    ]),
    ...(dropped.target > 0 ? [[proxy, 'no target had room', '', formatCount(dropped.target), '']] : []),
  ];
}

function textOf(limit: Limit): string {
  if (limit === null) return 'none';
  return `${formatCount(limit.requestsPerSec)}/s, burst ${formatCount(limit.burst)}`;
}

function agoText(agoMs: number | null): string {
  if (agoMs === null) return '';
  return agoMs < 1000 ? 'now' : `${Math.floor(agoMs / 1000)}s ago`;
}
