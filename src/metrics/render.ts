import { METRICS } from './catalogue.ts';
import type { Measurements } from './measurements.ts';
import type { HistogramSample, Metric, Sample } from './metric.ts';

/** The media type of what {@link renderMetrics} writes. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Lines between two turns of the event loop: about a millisecond's work. */
export const LINES_PER_TURN = 1000;

/**
 * Writes metrics in Prometheus' text format (0.0.4). The event loop gets its turn every {@link LINES_PER_TURN} lines, so that
 * many series hold nobody up.
 */
export async function renderMetrics(
  measured: Measurements,
  metrics: readonly Metric[] = METRICS,
): Promise<string> {
  const chunks: string[] = [];
  let lines: string[] = [];
  for (const metric of metrics) {
    for (const line of linesOf(metric, measured)) {
      lines.push(line);
      if (lines.length < LINES_PER_TURN) continue;
      chunks.push(joined(lines));
      lines = [];
      await new Promise(setImmediate);
    }
  }
  return chunks.join('') + joined(lines);
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

function* linesOf(metric: Metric, measured: Measurements): Generator<string> {
  const { name, help, type, labels } = metric;
  yield `# HELP ${name} ${help.replaceAll('\\', '\\\\')}`;
  yield `# TYPE ${name} ${type}`;
  if (type === 'histogram') {
    for (const sample of metric.samples(measured)) yield* histogramLines(name, labels, sample);
  } else {
    for (const sample of metric.samples(measured)) yield valueLine(name, labels, sample);
  }
}

function valueLine(name: string, names: readonly string[], { labels, value }: Sample): string {
  return `${name}${braced(labelText(names, labels))} ${numberText(value)}`;
}

/** Buckets are cumulative, and the last one has everything. */
function* histogramLines(
  name: string,
  names: readonly string[],
  { labels, histogram: { bounds, counts, sum } }: HistogramSample,
): Generator<string> {
  const text = labelText(names, labels);
  const before = text === '' ? '' : `${text},`;
  let count = 0;
  for (const [index, bound] of [...bounds, Number.POSITIVE_INFINITY].entries()) {
    count += counts[index] ?? 0;
    yield `${name}_bucket{${before}le="${numberText(bound)}"} ${count}`;
  }
  yield `${name}_sum${braced(text)} ${numberText(sum)}`;
  yield `${name}_count${braced(text)} ${count}`;
}

function labelText(names: readonly string[], values: readonly string[]): string {
  return names.map((name, index) => `${name}="${escaped(values[index] ?? '')}"`).join(',');
}

function braced(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}

const SPECIAL = /[\\"\n]/;

function escaped(value: string): string {
  if (!SPECIAL.test(value)) return value;
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return String(value);
}
