import pc from 'picocolors';
import type { PoolView, TargetRow } from './view.ts';

const BAR_CELLS = 25;
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Colours that the picture uses. */
export type Colors = ReturnType<typeof pc.createColors>;

/** Colours for a terminal, none otherwise. */
export function colorsFor(isTerminal: boolean): Colors {
  return pc.createColors(isTerminal);
}

/** The whole picture: a heading and one table for each pool. At most 100 columns wide. */
export function picture(heading: string, pools: readonly PoolView[], colors: Colors): readonly string[] {
  return [colors.bold(heading), ...pools.flatMap((pool) => ['', ...poolLines(pool, colors)])];
}

/** The state in one line, for a log. */
export function logLine(seconds: number, pools: readonly PoolView[]): string {
  const parts = pools.map((pool) => {
    const shares = pool.rows.map((row) => `${row.name} ${percent(row.seenPercent)} of ${row.weightPercent}%`);
    return `${pool.title}: ${shares.join(', ')}, ${Math.round(pool.perSecond)}/s, ${pool.errors} errors`;
  });
  return `${seconds}s  ${parts.join(' | ')}`;
}

/** Bytes for people. */
export function bytesText(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log2(bytes) / 10), BYTE_UNITS.length - 1);
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${BYTE_UNITS[power]}`;
}

function poolLines(pool: PoolView, colors: Colors): readonly string[] {
  const errors = pool.errors === 0 ? colors.green('0 errors') : colors.red(`${pool.errors} errors`);
  const rate = `${Math.round(pool.perSecond)} connections/s`;
  return [
    `${colors.bold(pool.title)}  ${colors.dim(`from ${pool.client}`)}  ${rate}  ${errors}`,
    colors.dim(
      columns('target', 'address', 'weight', 'seen', ''.padEnd(BAR_CELLS), 'conns', 'active', 'bytes'),
    ),
    ...pool.rows.map((row) => rowLine(row, colors)),
  ];
}

function rowLine(row: TargetRow, colors: Colors): string {
  return columns(
    row.name,
    row.address,
    `${row.weightPercent}%`,
    percent(row.seenPercent),
    bar(row, colors),
    String(row.connections),
    String(row.active),
    bytesText(row.bytes),
  );
}

function columns(
  name: string,
  address: string,
  weight: string,
  seen: string,
  bars: string,
  connections: string,
  active: string,
  bytes: string,
): string {
  const left = `${name.padEnd(7)} ${address.padEnd(13)} ${weight.padStart(6)} ${seen.padStart(6)}`;
  return `${left} ${bars} ${connections.padStart(6)} ${active.padStart(6)} ${bytes.padStart(9)}`;
}

/** Filled up to the share that was seen; a mark where the configured share ends. */
function bar(row: TargetRow, colors: Colors): string {
  const filled = Math.round(((row.seenPercent ?? 0) / 100) * BAR_CELLS);
  const mark = Math.min(Math.round((row.weightPercent / 100) * BAR_CELLS), BAR_CELLS - 1);
  return Array.from({ length: BAR_CELLS }, (_, cell) => {
    if (cell === mark) return colors.yellow('│');
    return cell < filled ? colors.cyan('█') : colors.dim('░');
  }).join('');
}

function percent(value: number | undefined): string {
  return value === undefined ? '-' : `${value.toFixed(1)}%`;
}
