import type { PoolView, TargetRow } from './view.ts';

/** The last words of the demo: what was balanced, and whether anything is left of it. */
export function summary(pools: readonly PoolView[], leftovers: readonly string[]): string {
  const lines = pools.flatMap((pool) => [
    `  ${pool.title}: ${pool.connections.toLocaleString('en-US')} connections, ${pool.errors} errors`,
    ...pool.rows.map(
      (row) => `    ${row.name} ${share(row)} of the connections, weight ${row.weightPercent}%`,
    ),
  ]);
  const rest =
    leftovers.length === 0
      ? 'Nothing is left: no namespace, process or kernel object.'
      : `Left behind: ${leftovers.join(', ')}`;
  return ['', ...(lines.length > 0 ? ['Balanced:', ...lines] : []), rest, ''].join('\n');
}

function share(row: TargetRow): string {
  return `${(row.seenPercent ?? 0).toFixed(1)}%`.padStart(6);
}
