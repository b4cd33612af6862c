import { METRIC_GROUPS } from './catalogue.ts';
import type { Life, Metric } from './metric.ts';

const LIVES: Readonly<Record<Life, string>> = {
  now: '',
  kernel: 'kernel',
  process: 'process',
};

const HEAD = `# All metrics

This page is generated from the metrics themselves; a test keeps it fresh. [metrics.md](metrics.md) tells how to get them.

*Counted by* says what a restart of the daemon does to a value. \`kernel\`: nothing, it goes on until the instance is detached.
\`process\`: it begins at 0 again, which Prometheus' \`rate()\` and \`increase()\` understand. Others are states.
`;

/** Renders docs/metrics-list.md. */
export function renderMetricDocs(): string {
  const chapters = METRIC_GROUPS.map(({ title, metrics }) =>
    [
      `## ${title}`,
      '',
      '| metric | type | labels | counted by | meaning |',
      '|---|---|---|---|---|',
      ...metrics.map(row),
      '',
    ].join('\n'),
  );
  return `${[HEAD, ...chapters].join('\n').trimEnd()}\n`;
}

function row({ name, type, labels, life, help }: Metric): string {
  return `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${LIVES[life]} | ${help} |`;
}
