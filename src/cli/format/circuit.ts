import type { CircuitReport, CircuitsReport } from '../../report/index.ts';
import type { Style } from './style.ts';
import { type Column, formatTable } from './table.ts';
import { formatCount, formatDuration, formatPercent } from './units.ts';

const COLUMNS: readonly Column[] = [
  { title: 'PROXY' },
  { title: 'TARGET' },
  { title: 'CIRCUIT' },
  { title: 'SINCE', align: 'right' },
  { title: 'ANSWERED', align: 'right' },
  { title: 'FAILED', align: 'right' },
  { title: 'ERRORS', align: 'right' },
  { title: 'WHY' },
];

/** The circuits for people. `nowMs` is the time to count ages to. */
export function formatCircuits({ circuits }: CircuitsReport, style: Style, nowMs: number): string {
  if (circuits.length === 0) return style.faint('no proxy has a circuit breaker (circuitBreaker.enabled)\n');
  const rows = circuits.map((circuit) => [
    circuit.proxy,
    circuit.target,
    paint(circuit, style) + (circuit.manual === null ? '' : ' (by hand)'),
    formatDuration((nowMs - Date.parse(circuit.since)) / 1000),
    formatCount(circuit.successes),
    formatCount(circuit.errors),
    formatPercent(circuit.errorPct),
    why(circuit, nowMs),
  ]);
  return formatTable(COLUMNS, rows, style);
}

function paint({ status }: CircuitReport, style: Style): string {
  switch (status) {
    case 'closed':
      return style.good(status);
    case 'half-open':
      return style.warning(status);
    case 'open':
      return style.bad(status);
  }
}

function why({ reason, halfOpenAt }: CircuitReport, nowMs: number): string {
  if (halfOpenAt === null) return reason;
  const leftSec = Math.max(0, (Date.parse(halfOpenAt) - nowMs) / 1000);
  return `${reason}; half-open in ${formatDuration(leftSec)}`;
}
