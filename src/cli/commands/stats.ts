import type { Command } from 'commander';
import type { AttemptsReport, StatsReport } from '../../report/index.ts';
import type { CommandContext } from '../context.ts';
import { formatLatencies } from '../format/latencies.ts';
import type { Style } from '../format/style.ts';
import { type Column, formatPairs, formatTable } from '../format/table.ts';
import { formatBytes, formatCount } from '../format/units.ts';
import { adminSocketOption, clientOf, instanceOption, outputOption, type ReadOptions } from '../options.ts';
import { TARGET_COLUMNS, targetRow } from './status.ts';

/** `sluice stats`. */
export function addStatsCommand(program: Command, context: CommandContext): void {
  program
    .command('stats')
    .description('show the counters: totals, per target, and packets by reason')
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .addOption(outputOption())
    .action(async (options: ReadOptions) => {
      const client = clientOf(options);
      const stats = await client.stats();
      if (options.output === 'json') return context.printJson(stats);
      const latencies = formatLatencies(await client.latencies(), context.style);
      context.print([formatStats(stats, context.style), latencies].filter((part) => part !== '').join('\n'));
    });
}

const FAILURE_COLUMNS: readonly Column[] = [
  { title: 'REFUSED', align: 'right', dispensable: 1 },
  { title: 'UNANSWERED', align: 'right', dispensable: 2 },
];

const REASON_COLUMNS: readonly Column[] = [
  { title: 'HOOK' },
  { title: 'REASON' },
  { title: 'OUTCOME' },
  { title: 'PACKETS', align: 'right' },
];

/** The counters for people; reasons that never occurred are left out. */
export function formatStats(stats: StatsReport, style: Style): string {
  const seen = stats.reasons.filter((reason) => reason.packets > 0);
  const parts = [formatPairs([...totals(stats), ...told(stats, style)], style)];
  if (stats.targets.length > 0) {
    const rows = stats.targets.map((target) => [
      target.proxy,
      ...targetRow(target),
      formatCount(target.attempts.refused),
      formatCount(target.attempts.unanswered),
    ]);
    parts.push(formatTable([{ title: 'PROXY' }, ...TARGET_COLUMNS, ...FAILURE_COLUMNS], rows, style));
  }
  if (seen.length > 0) {
    const rows = seen.map((entry) => [entry.hook, entry.reason, entry.outcome, formatCount(entry.packets)]);
    parts.push(formatTable(REASON_COLUMNS, rows, style));
  }
  return parts.join('\n');
}

function totals({ totals: all }: StatsReport): [string, string][] {
  const traffic = (packets: number, bytes: number) =>
    `${formatCount(packets)} packets, ${formatBytes(bytes)}`;
  return [
    ['flows', `${formatCount(all.activeFlows)} active, ${formatCount(all.flows)} ever`],
    ['connects', attemptsText(all.attempts)],
    ['to targets', traffic(all.forward.packets, all.forward.bytes)],
    ['to clients', traffic(all.reply.packets, all.reply.bytes)],
  ];
}

/** What was told of single flows and logged, when either is or was on; losses stand out. */
function told(
  { flowEvents: { oneIn, read, lost, accessLog } }: StatsReport,
  style: Style,
): [string, string][] {
  const losses = (count: number, what: string) =>
    count === 0 ? '' : `, ${style.bad(`${formatCount(count)} ${what}`)}`;
  const sample = oneIn > 1 ? `, of one flow in ${formatCount(oneIn)}` : '';
  const missing = losses(lost.opened + lost.closed, 'lost') + losses(lost.flows, 'flows not told of');
  const rows: [string, string][] = [];
  if (oneIn > 0 || missing !== '') rows.push(['flow events', `${formatCount(read)} read${sample}${missing}`]);
  const { written, dropped } = accessLog;
  if (written + dropped > 0)
    rows.push(['access log', `${formatCount(written)} records${losses(dropped, 'dropped')}`]);
  return rows;
}

function attemptsText({ answered, established, refused, unanswered }: AttemptsReport): string {
  return `${formatCount(answered)} answered, ${formatCount(established)} established, ${formatCount(refused)} refused, ${formatCount(unanswered)} unanswered`;
}
