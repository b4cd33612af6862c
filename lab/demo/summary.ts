import type { PoolView } from './view.ts';

/** The last words of the demo: what was balanced, and whether anything is left of it. */
export function summary(pools: readonly PoolView[], leftovers: readonly string[]): string {
  const lines = pools.map((pool) => {
    const shares = pool.rows.map(
      (row) => `${row.name} ${(row.seenPercent ?? 0).toFixed(1)}% (weight ${row.weightPercent}%)`,
    );
    return `  ${pool.title}: ${pool.connections} connections, ${pool.errors} errors: ${shares.join(', ')}`;
  });
  const rest =
    leftovers.length === 0
      ? 'Nothing is left: no namespace, process or kernel object.'
      : `Left behind: ${leftovers.join(', ')}`;
  return ['', ...(lines.length > 0 ? ['Balanced:', ...lines] : []), rest, ''].join('\n');
}
