import type { ComponentChildren } from 'preact';
import type { Figure } from '../format/numbers.ts';

/** One number that matters, large. */
export function Tile(props: {
  readonly label: string;
  readonly figure: Figure;
  /** A line below the number. */
  readonly note: ComponentChildren;
  readonly tone?: string;
  /** How full something is, 0 to 1. */
  readonly fill?: number;
}) {
  const { number, unit } = props.figure;
  return (
    <div class={`tile ${props.tone ?? ''}`}>
      <dt>{props.label}</dt>
      <dd>
        <strong>{number}</strong> <span class="unit">{unit}</span>
        {props.fill === undefined ? null : <Meter fill={props.fill} />}
        <span class="note">{props.note}</span>
      </dd>
    </div>
  );
}

/** A bar beside words that say the same. */
export function Meter({ fill, mark }: { readonly fill: number; readonly mark?: number }) {
  return (
    <span class="meter" aria-hidden="true">
      <span class="meter-fill" style={{ width: `${clamp(fill) * 100}%` }} />
      {mark === undefined ? null : <span class="meter-mark" style={{ left: `${clamp(mark) * 100}%` }} />}
    </span>
  );
}

const WIDTH = 96;
const HEIGHT = 24;

/** A small line of what was lately, beside the number that it ends with. */
export function Sparkline({ values }: { readonly values: readonly (number | null)[] }) {
  const highest = Math.max(1e-9, ...values.map((value) => value ?? 0));
  const step = WIDTH / Math.max(1, values.length - 1);
  const points = values.flatMap((value, at) =>
    value === null
      ? []
      : [`${(at * step).toFixed(1)},${(HEIGHT - 2 - (value / highest) * (HEIGHT - 4)).toFixed(1)}`],
  );
  if (points.length < 2) return <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true" />;
  const first = points[0]?.split(',')[0] ?? '0';
  const last = points.at(-1)?.split(',')[0] ?? '0';
  return (
    <svg class="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
      <polygon points={`${first},${HEIGHT} ${points.join(' ')} ${last},${HEIGHT}`} />
      <polyline points={points.join(' ')} />
    </svg>
  );
}

function clamp(part: number): number {
  return Math.min(1, Math.max(0, part));
}
