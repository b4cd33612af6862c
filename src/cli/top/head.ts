import { formatCount, formatDuration, formatPercent } from '../format/units.ts';
import { bar, type Glyphs, sparkline } from './glyphs.ts';
import { HISTORY_LENGTH, type Histories } from './history.ts';
import type { TopModel, TopReason } from './model.ts';
import { type Line, piece } from './text.ts';
import { formatBits, formatPerSec } from './units.ts';

/** What the head is made of. */
export interface HeadInput {
  readonly model: TopModel;
  readonly histories: Histories;
  readonly glyphs: Glyphs;
  /** The time of day, milliseconds since 1970. */
  readonly nowMs: number;
  readonly isPaused: boolean;
}

/** Reasons for drops that are named; the others are summed up. */
const NAMED_DROPS = 3;
const BAR_WIDTH = 10;
/** At which share the flow table is a worry. */
const NEARLY_FULL = 0.8;
const GAP = piece('   ');

/** Whose numbers these are, and the sums. */
export function head(input: HeadInput): readonly Line[] {
  return [identity(input), traffic(input), flows(input), ...drops(input.model), ...warnings(input.model)];
}

function identity({ model, nowMs, isPaused }: HeadInput): Line {
  const { instance, version, startedAt, generation, proxies } = model;
  const age = formatDuration((nowMs - Date.parse(startedAt)) / 1000);
  const targets = proxies.reduce((sum, proxy) => sum + proxy.targets.length, 0);
  const counts = `${plural(proxies.length, 'proxy', 'proxies')}, ${plural(targets, 'target', 'targets')}`;
  return [
    piece('sluice top', 'heading'),
    GAP,
    piece(instance, 'accent'),
    piece(`  ${version}, up ${age}, generation ${generation}, ${counts}`, 'faint'),
    GAP,
    piece(new Date(nowMs).toTimeString().slice(0, 8), 'faint'),
    ...(isPaused ? [GAP, piece('paused', 'warning')] : []),
  ];
}

function traffic({ model: { totals }, histories, glyphs }: HeadInput): Line {
  const readings = histories.get('') ?? [];
  return [
    ...labelled('conn/s', formatPerSec(totals.connectsPerSec)),
    piece(' '),
    piece(sparkline(readings, Math.min(HISTORY_LENGTH / 2, readings.length), glyphs), 'accent'),
    GAP,
    ...labelled('to targets', formatBits(totals.toTargetBitsPerSec)),
    GAP,
    ...labelled('to clients', formatBits(totals.toClientBitsPerSec)),
  ];
}

function flows({ model: { flows: table, totals }, glyphs }: HeadInput): Line {
  const share = table.max === 0 ? 0 : table.active / table.max;
  const [full, empty] = bar(share, BAR_WIDTH, glyphs);
  return [
    ...labelled('flows', formatCount(table.active)),
    piece(` of ${formatCount(table.max)} `, 'faint'),
    piece(full, share >= NEARLY_FULL ? 'bad' : 'accent'),
    piece(empty, 'faint'),
    piece(` ${formatPercent(share * 100)}`, 'faint'),
    GAP,
    ...labelled('new', formatCount(table.pending)),
    GAP,
    ...labelled('failed/s', formatPerSec(totals.failuresPerSec), totals.failuresPerSec ? 'bad' : 'heading'),
  ];
}

function drops({ drops: all }: TopModel): readonly Line[] {
  if (all.length === 0) return [];
  const sum = all.reduce((total, { perSec }) => total + (perSec ?? 0), 0);
  const shown = all.slice(0, NAMED_DROPS).map(describeDrop);
  const others = all.length - shown.length;
  const rest = others > 0 ? [`${plural(others, 'other', 'others')}`] : [];
  return [
    [
      ...labelled('dropped/s', formatPerSec(sum), sum > 0 ? 'bad' : 'heading'),
      piece(`  ${[...shown, ...rest].join(', ')}`, 'faint'),
    ],
  ];
}

function describeDrop({ reason, perSec, packets }: TopReason): string {
  return perSec ? `${reason} ${formatPerSec(perSec)}/s` : `${reason} ${formatCount(packets)} ever`;
}

function warnings({ warnings: all }: TopModel): readonly Line[] {
  const [first] = all;
  if (first === undefined) return [];
  const more = all.length > 1 ? ` (and ${all.length - 1} more: sluice status)` : '';
  return [[piece('warning ', 'warning'), piece(`${first}${more}`)]];
}

function labelled(label: string, value: string, tone: 'heading' | 'bad' = 'heading'): Line {
  return [piece(`${label} `, 'faint'), piece(value, tone)];
}

function plural(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
