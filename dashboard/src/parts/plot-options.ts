import type uPlot from 'uplot';
import type { PlotProps } from './plot.tsx';

/** The plot shows at least and at most so much time, seconds. */
const SHORTEST = 60;
const LONGEST = 300;
/** About the width of a letter, and of what is around a label, CSS pixels. */
const PER_LETTER = 6;
const AXIS_GAP = 14;
/** How much higher than the highest point the plot is. */
const HEADROOM = 1.15;
const FONT = '11px Inter, system-ui, sans-serif';

/** How a plot looks, in the colours of its place. */
export function plotOptions(
  place: HTMLElement,
  { lines, format, least }: Pick<PlotProps, 'lines' | 'format' | 'least'>,
  onPoint: (index: number | null) => void,
): uPlot.Options {
  const style = getComputedStyle(place);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: colour('--muted'),
    font: FONT,
    grid: { stroke: colour('--grid'), width: 1 },
    ticks: { show: false },
  };
  return {
    width: place.clientWidth,
    height: place.clientHeight,
    legend: { show: false },
    padding: [10, 26, 0, 0],
    cursor: { sync: { key: 'overview' }, y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      x: {
        time: true,
        range: (_plot, from, to) => [Math.max(to - LONGEST, Math.min(from, to - SHORTEST)), to],
      },
      y: { range: (_plot, _from, to) => [0, Math.max(least, to * HEADROOM)] },
    },
    axes: [
      { ...axis, size: 24, space: 70, values: '{HH}:{mm}:{ss}', grid: { show: false } },
      { ...axis, size: widthOf, space: 36, values: (_plot, ticks) => ticks.map(format) },
    ],
    series: [
      {},
      ...lines.map((line) => ({
        stroke: colour(`--line-${line.colour}`),
        fill: colour(`--fill-${line.colour}`),
        width: 1.75,
        points: { show: false },
      })),
    ],
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
  };
}

/** Room for the longest label of an axis, CSS pixels. */
function widthOf(_plot: uPlot, labels: readonly string[] | null): number {
  const longest = Math.max(0, ...(labels ?? []).map((label) => label.length));
  return longest * PER_LETTER + AXIS_GAP;
}
