import type { DrainReport, DrainsReport } from '../../report/index.ts';
import type { Style } from './style.ts';
import { type Column, formatTable } from './table.ts';
import { formatCount, formatDuration } from './units.ts';

const COLUMNS: readonly Column[] = [
  { title: 'PROXY' },
  { title: 'TARGET' },
  { title: 'OPEN', align: 'right' },
  { title: 'AT START', align: 'right' },
  { title: 'SINCE', align: 'right' },
  { title: 'TIMEOUT', align: 'right' },
];

/** The drains that are under way, for people. */
export function formatDrains({ drains }: DrainsReport, style: Style): string {
  if (drains.length === 0) return style.faint('no target is being drained\n');
  const rows = drains.map((drain) => [
    drain.proxy,
    drain.target,
    formatCount(drain.currentConnections),
    formatCount(drain.initialConnections),
    formatDuration(drain.elapsedMs / 1000),
    formatDuration(drain.timeoutMs / 1000),
  ]);
  return formatTable(COLUMNS, rows, style);
}

/** How a drain stands, in a few words. */
export function describeDrain(drain: DrainReport | null): string {
  if (drain === null) return 'not drained';
  const { initialConnections, currentConnections } = drain;
  const elapsed = formatDuration(drain.elapsedMs / 1000);
  const left = `${formatCount(currentConnections)} of ${formatCount(initialConnections)} connections left`;
  switch (drain.status) {
    case 'draining':
      return `draining, ${left}, ${elapsed} of ${formatDuration(drain.timeoutMs / 1000)}`;
    case 'completed':
      return `drained after ${elapsed}`;
    case 'timeout':
      return `timed out after ${elapsed}, ${left}; it gets no new ones`;
    case 'cancelled':
      return `cancelled after ${elapsed}, ${left}`;
  }
}
