import { type Command, Option } from 'commander';
import { DEFAULT_LIMIT, MAX_LIMIT } from '../../admin/index.ts';
import type { ConnectionReport, ConnectionsReport } from '../../report/index.ts';
import type { CommandContext } from '../context.ts';
import type { Style } from '../format/style.ts';
import { type Column, formatTable } from '../format/table.ts';
import { formatBytes, formatCount, formatDuration } from '../format/units.ts';
import { mustBeProxy } from '../known-proxy.ts';
import {
  adminSocketOption,
  clientOf,
  instanceOption,
  integerParser,
  outputOption,
  type ReadOptions,
} from '../options.ts';

interface ConnectionsOptions extends ReadOptions {
  readonly proxy?: string;
  readonly target?: string;
  readonly client?: string;
  readonly limit: number;
  readonly offset: number;
}

/** `sluice connections`. */
export function addConnectionsCommand(program: Command, context: CommandContext): void {
  program
    .command('connections')
    .description('list the flows that are open now')
    .option('--proxy <name>', 'only flows of this proxy')
    .option('--target <address>', 'only flows to this target: IP or IP:PORT')
    .option('--client <address>', 'only flows of this client')
    .addOption(
      new Option('--limit <count>', 'flows to list at most')
        .argParser(integerParser(0, MAX_LIMIT))
        .default(DEFAULT_LIMIT),
    )
    .addOption(
      new Option('--offset <count>', 'flows to leave out first')
        .argParser(integerParser(0, 999_999_999))
        .default(0),
    )
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .addOption(outputOption())
    .action(async (options: ConnectionsOptions) => {
      const { proxy, target, client, limit, offset } = options;
      const admin = clientOf(options);
      const report = await admin.connections({ proxy, target, client, limit, offset });
      if (proxy !== undefined && report.total === 0) await mustBeProxy(proxy, admin);
      if (options.output === 'json') context.printJson(report);
      else context.print(formatConnections(report, context.style));
    });
}

const COLUMNS: readonly Column[] = [
  { title: 'PROTO' },
  { title: 'CLIENT' },
  { title: 'LISTENER' },
  { title: 'TARGET' },
  { title: 'PROXY' },
  { title: 'STATE' },
  { title: 'AGE', align: 'right', dispensable: 1 },
  { title: 'IDLE', align: 'right', dispensable: 4 },
  { title: 'TO TARGET', align: 'right', dispensable: 3 },
  { title: 'TO CLIENT', align: 'right', dispensable: 2 },
];

/** The flows for people, with a last line that says how many there are. */
export function formatConnections(report: ConnectionsReport, style: Style): string {
  const shown = report.connections.length;
  const count = `${formatCount(report.total)} ${report.total === 1 ? 'flow' : 'flows'}`;
  const more = shown < report.total ? `, ${formatCount(shown)} shown (--limit)` : '';
  const last = `${style.faint(count + more)}\n`;
  return shown === 0 ? last : formatTable(COLUMNS, report.connections.map(row), style) + last;
}

function row(flow: ConnectionReport): string[] {
  return [
    flow.protocol,
    flow.client,
    flow.listener,
    flow.target,
    flow.proxy,
    flow.state,
    formatDuration(flow.ageSeconds),
    formatDuration(flow.idleSeconds),
    formatBytes(flow.forward.bytes),
    formatBytes(flow.reply.bytes),
  ];
}
