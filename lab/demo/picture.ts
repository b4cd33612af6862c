import pc from 'picocolors';
import type { PoolView, TargetRow } from './view.ts';

const MAX_BAR_CELLS = 25;
const MIN_BAR_CELLS = 5;
/** Columns of a row beside its bar. */
const REST_COLUMNS = 60;
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** Colours that the picture uses. */
export type Colors = ReturnType<typeof pc.createColors>;

/** Colours for a terminal, none otherwise. */
export function colorsFor(isTerminal: boolean): Colors {
  return pc.createColors(isTerminal);
}

/**
 * The whole picture: a heading and one table for each pool.
 * @param width of the terminal, columns; bars take what is left of it, within limits
 */
export function picture(
  heading: string,
  pools: readonly PoolView[],
  colors: Colors,
  width: number,
): readonly string[] {
  const cells = Math.max(MIN_BAR_CELLS, Math.min(MAX_BAR_CELLS, width - REST_COLUMNS));
  return [colors.bold(heading), ...pools.flatMap((pool) => ['', ...poolLines(pool, colors, cells)])];
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

function poolLines(pool: PoolView, colors: Colors, cells: number): readonly string[] {
  const errors = pool.errors === 0 ? colors.green('0 errors') : colors.red(`${pool.errors} errors`);
  const rate = `${Math.round(pool.perSecond)} connections/s`;
  return [
    `${colors.bold(pool.title)}  ${colors.dim(`from ${pool.client}`)}  ${rate}  ${errors}`,
    colors.dim(columns('target', 'address', 'weight', 'seen', ''.padEnd(cells), 'conns', 'active', 'bytes')),
    ...pool.rows.map((row) => rowLine(row, colors, cells)),
  ];
}

function rowLine(row: TargetRow, colors: Colors, cells: number): string {
  return columns(
    row.name,
    row.address,
    `${row.weightPercent}%`,
    percent(row.seenPercent),
    bar(row, colors, cells),
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
function bar(row: TargetRow, colors: Colors, cells: number): string {
  const filled = Math.round(((row.seenPercent ?? 0) / 100) * cells);
  const mark = Math.min(Math.round((row.weightPercent / 100) * cells), cells - 1);
  return Array.from({ length: cells }, (_, cell) => {
    if (cell === mark) return colors.yellow('│');
    return cell < filled ? colors.cyan('█') : colors.dim('░');
  }).join('');
}

function percent(value: number | undefined): string {
  return value === undefined ? '-' : `${value.toFixed(1)}%`;
}
