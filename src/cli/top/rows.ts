import type { TopModel, TopProxy, TopTarget } from './model.ts';

/** What rows are ordered by. */
export const SORT_KEYS = ['config', 'name', 'connects', 'bits', 'open', 'failed', 'latency'] as const;
export type SortKey = (typeof SORT_KEYS)[number];

/** How rows are chosen and ordered. */
export interface RowWishes {
  /** The proxy that is looked into; null for all. */
  readonly proxy: string | null;
  readonly sort: SortKey;
  readonly reversed: boolean;
  /** Proxies without their targets. */
  readonly folded: boolean;
}

/** A line that can be selected: a proxy, or a target of one. */
export type TopRow =
  | { readonly kind: 'proxy'; readonly proxy: TopProxy }
  | { readonly kind: 'target'; readonly target: TopTarget };

/** The proxies in the order wished for, each with its targets, or the targets of the proxy that is looked into. */
export function rowsOf(model: TopModel, { proxy: name, sort, reversed, folded }: RowWishes): TopRow[] {
  const inOrder = <Row>(rows: readonly Row[], value: (row: Row) => number | string): readonly Row[] =>
    sort === 'config' && !reversed ? rows : sorted(rows, value, sort, reversed);
  const targetRows = ({ targets }: TopProxy) =>
    inOrder(targets, (target) => rankOf(sort, target, target.target)).map(
      (target): TopRow => ({ kind: 'target', target }),
    );
  if (name !== null) return model.proxies.filter((each) => each.name === name).flatMap(targetRows);
  return inOrder(model.proxies, (proxy) => rankOf(sort, proxy, proxy.name)).flatMap((proxy) => [
    { kind: 'proxy', proxy } as const,
    ...(folded ? [] : targetRows(proxy)),
  ]);
}

/** What tells a row apart from others, over time. */
export function rowKey(row: TopRow): string {
  return row.kind === 'proxy' ? row.proxy.name : `${row.target.proxy}\0${row.target.target}`;
}

function sorted<Row>(
  rows: readonly Row[],
  value: (row: Row) => number | string,
  sort: SortKey,
  reversed: boolean,
): Row[] {
  if (sort === 'config') return rows.toReversed();
  const ranked = rows.map((row) => ({ row, value: value(row) }));
  const turn = reversed ? -1 : 1;
  return ranked.sort((a, b) => turn * compare(a.value, b.value)).map(({ row }) => row);
}

/** Names go up, numbers go down: the busiest is on top. */
function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return b - a;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

function rankOf(sort: SortKey, row: TopProxy | TopTarget, name: string): number | string {
  switch (sort) {
    case 'config':
      return 0;
    case 'name':
      return name;
    case 'connects':
      return row.connectsPerSec ?? -1;
    case 'bits':
      return (row.toTargetBitsPerSec ?? -1) + (row.toClientBitsPerSec ?? -1);
    case 'open':
      return row.activeFlows;
    case 'failed':
      return row.failuresPerSec ?? -1;
    case 'latency':
      return slowness(row);
  }
}

/** The 95th percentile of a target; of a proxy, that of its slowest. */
function slowness(row: TopProxy | TopTarget): number {
  const targets = 'targets' in row ? row.targets : [row];
  return Math.max(-1, ...targets.map(({ connectLatency }) => connectLatency.p95Ms ?? -1));
}
