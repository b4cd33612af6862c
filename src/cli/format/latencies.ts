import type { LatenciesReport } from '../../report/index.ts';
import type { Style } from './style.ts';
import { type Column, formatTable } from './table.ts';
import { formatCount, formatMs } from './units.ts';

const COLUMNS: readonly Column[] = [
  { title: 'PROXY' },
  { title: 'TARGET' },
  { title: 'ANSWERED', align: 'right' },
  { title: 'MEAN', align: 'right' },
  { title: 'P50', align: 'right' },
  { title: 'P95', align: 'right' },
  { title: 'P99', align: 'right' },
];

/** How long targets took to answer, for people; empty when none has answered. */
export function formatLatencies({ windowSeconds, targets }: LatenciesReport, style: Style): string {
  const answering = targets.filter(({ connects }) => connects > 0);
  if (answering.length === 0) return '';
  const rows = answering.map((of) => [
    of.proxy,
    of.target,
    formatCount(of.connects),
    ...[of.meanMs, of.p50Ms, of.p95Ms, of.p99Ms].map(formatMs),
  ]);
  return `SYN to SYN-ACK, last ${windowSeconds} s\n${formatTable(COLUMNS, rows, style)}`;
}
