import { formatCount, formatMs, formatPercent } from '../format/units.ts';
import { bar, type Glyphs, sparkline } from './glyphs.ts';
import type { GridColumn } from './grid.ts';
import type { Histories } from './history.ts';
import type { TopLatency } from './model.ts';
import type { Rates } from './rates.ts';
import { rowKey, type TopRow } from './rows.ts';
import { type Line, piece } from './text.ts';
import { formatBits, formatPerSec } from './units.ts';

/** What columns need besides their row. */
export interface ColumnContext {
  /** Empty where nobody has watched: then there is no column of the last minute. */
  readonly histories: Histories;
  readonly glyphs: Glyphs;
}

type Column = GridColumn<TopRow>;

const SPARK_WIDTH = 20;
const BAR_WIDTH = 8;
/** The pool of connections that no route matches. */
const DEFAULT_POOL = 'default';

/** Columns of the overview: proxies, with their targets below them. */
export function overviewColumns(context: ColumnContext): readonly Column[] {
  return [nameColumn('PROXY, TARGET', '  '), ...sharedColumns(context)];
}

/** Columns of one proxy's targets. */
export function proxyColumns(context: ColumnContext): readonly Column[] {
  return [
    nameColumn('TARGET', ''),
    ...sharedColumns(context),
    column('POOLS', 'left', 9, (row) => [piece(poolsOf(row), 'faint')]),
    column('WHY', 'left', 8, (row) => [piece(row.kind === 'target' ? row.target.why : '', 'faint')]),
  ];
}

function sharedColumns(context: ColumnContext): readonly Column[] {
  return [
    column('STATE', 'left', 1, stateCell),
    column('SHARE', 'left', 5, (row) => shareCell(row, context.glyphs)),
    column('CONN/S', 'right', 1, (row) => rateCell(formatPerSec(ratesOf(row).connectsPerSec), row)),
    ...(context.histories.size === 0
      ? []
      : [column('LAST MINUTE', 'left', 11, (row) => sparkCell(row, context))]),
    column('TO TARGET', 'right', 4, (row) => rateCell(formatBits(ratesOf(row).toTargetBitsPerSec), row)),
    column('TO CLIENT', 'right', 3, (row) => rateCell(formatBits(ratesOf(row).toClientBitsPerSec), row)),
    column('OPEN', 'right', 2, (row) => rateCell(formatCount(ratesOf(row).activeFlows), row)),
    column('P50', 'right', 10, (row) => latencyCell(row, 'p50Ms')),
    column('P95', 'right', 7, (row) => latencyCell(row, 'p95Ms')),
    column('P99', 'right', 10, (row) => latencyCell(row, 'p99Ms')),
    column('FAILED/S', 'right', 6, failedCell),
  ];
}

function column(
  title: string,
  align: Column['align'],
  dispensable: number,
  cell: (row: TopRow) => Line,
): Column {
  return { title, align, dispensable, cell };
}

function nameColumn(title: string, indent: string): Column {
  return column(title, 'left', 0, (row) =>
    row.kind === 'proxy'
      ? [piece(row.proxy.name, 'heading'), piece(`  ${row.proxy.listeners.join(' ')}`, 'faint')]
      : [piece(`${indent}${row.target.target}`)],
  );
}

function ratesOf(row: TopRow): Rates & { readonly activeFlows: number } {
  return row.kind === 'proxy' ? row.proxy : row.target;
}

function rateCell(text: string, row: TopRow): Line {
  const isIdle = text === '0' || text === '-';
  return [piece(text, isIdle ? 'faint' : row.kind === 'proxy' ? 'heading' : 'plain')];
}

function stateCell(row: TopRow): Line {
  if (row.kind === 'target') return [piece(row.target.state.text, row.target.state.tone)];
  const { targets } = row.proxy;
  const up = targets.filter(({ state }) => state.tone === 'good').length;
  const tone = up === targets.length ? 'good' : up === 0 ? 'bad' : 'warning';
  return [piece(`${up} of ${targets.length} up`, tone)];
}

function shareCell(row: TopRow, glyphs: Glyphs): Line {
  if (row.kind === 'proxy') return [];
  const { sharePercent, pools } = row.target;
  const [full, empty] = bar(sharePercent / 100, BAR_WIDTH, glyphs);
  const pool = pools[0]?.pool ?? DEFAULT_POOL;
  const ofRoute = pool === DEFAULT_POOL ? [] : [piece(` of ${pool}`, 'faint')];
  return [
    piece(full, 'accent'),
    piece(empty, 'faint'),
    piece(formatPercent(sharePercent).padStart(5)),
    ...ofRoute,
  ];
}

function sparkCell(row: TopRow, { histories, glyphs }: ColumnContext): Line {
  return [piece(sparkline(histories.get(rowKey(row)) ?? [], SPARK_WIDTH, glyphs), 'accent')];
}

function failedCell(row: TopRow): Line {
  const { failuresPerSec } = ratesOf(row);
  return [piece(formatPerSec(failuresPerSec), failuresPerSec ? 'bad' : 'faint')];
}

/** Percentiles of targets cannot be added up: a proxy has none. */
function latencyCell(row: TopRow, which: keyof TopLatency): Line {
  if (row.kind === 'proxy') return [];
  const text = formatMs(row.target.connectLatency[which]);
  return [piece(text, text === '-' ? 'faint' : 'plain')];
}

/** The shares of a target in pools besides its first. */
function poolsOf(row: TopRow): string {
  if (row.kind === 'proxy') return '';
  return row.target.pools
    .map(({ pool, sharePercent }) => `${pool} ${formatPercent(sharePercent)}`)
    .join(', ');
}
