import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { plotOptions } from './plot-options.ts';
import { useTheme } from './theme.tsx';

/** One line of a plot. */
export interface Line {
  readonly label: string;
  /** Name of its colour in the style sheets: `--line-NAME`. */
  readonly colour: string;
  /** null where nothing is known. */
  readonly values: readonly (number | null)[];
}

/** What to plot. */
export interface PlotProps {
  /** What the lines answer, for people who cannot see them, too. */
  readonly title: string;
  /** Milliseconds since 1970. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
  /** The plot is at least so high, so that next to nothing looks like that. */
  readonly least: number;
}

/** Lines over time. The legend has the newest values, or those under the pointer. */
export function Plot({ title, times, lines, format, least }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const pointed = useSignal<number | null>(null);
  const theme = useTheme().shown.value;
  const data: uPlot.AlignedData = [times.map((ms) => ms / 1000), ...lines.map(({ values }) => [...values])];
  const newest = useRef(data);
  newest.current = data;
  useEffect(() => {
    const host = place.current;
    if (host === null) return;
    const onPoint = (index: number | null) => {
      pointed.value = index;
    };
    const made = new uPlot(plotOptions(host, { lines, format, least }, onPoint), newest.current, host);
    plot.current = made;
    const sizes = new ResizeObserver(() =>
      made.setSize({ width: host.clientWidth, height: host.clientHeight }),
    );
    sizes.observe(host);
    return () => {
      sizes.disconnect();
      made.destroy();
    };
  }, [theme]);
  useEffect(() => plot.current?.setData(data));
  const shown = pointed.value ?? times.length - 1;
  return (
    <figure class="plot">
      <figcaption>
        {lines.map(({ label, colour, values }) => {
          const value = values[shown] ?? null;
          return (
            <span key={label} class={`legend ${colour}`}>
              {label} <b>{value === null ? '–' : format(value)}</b>
            </span>
          );
        })}
        <span class="when">
          {pointed.value === null ? 'now' : new Date(times[shown] ?? 0).toLocaleTimeString('en-GB')}
        </span>
      </figcaption>
      <div class="plot-place" ref={place} role="img" aria-label={inWords(title, lines, format)} />
      {times.length < 2 ? <p class="plot-wait">Collecting the first samples…</p> : null}
    </figure>
  );
}

function inWords(title: string, lines: readonly Line[], format: (value: number) => string): string {
  const parts = lines.map(({ label, values }) => {
    const known = values.filter((value) => value !== null);
    return `${label}: now ${format(known.at(-1) ?? 0)}, at most ${format(Math.max(0, ...known))}`;
  });
  return `${title}. ${parts.join('; ')}.`;
}
