import type { Command } from 'commander';
import { DEFAULT_POOL } from '../../config/index.ts';
import type { InterfaceReport, ProxyReport, StatusReport, TargetReport } from '../../report/index.ts';
import type { CommandContext } from '../context.ts';
import type { Style } from '../format/style.ts';
import { type Column, formatPairs, formatTable } from '../format/table.ts';
import { formatBytes, formatCount, formatDuration, formatPercent } from '../format/units.ts';
import { adminSocketOption, clientOf, instanceOption, outputOption, type ReadOptions } from '../options.ts';

/** `sluice status`. */
export function addStatusCommand(program: Command, context: CommandContext): void {
  program
    .command('status')
    .description('show what is attached, where it listens, and which targets it sends to')
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .addOption(outputOption())
    .action(async (options: ReadOptions) => {
      const status = await clientOf(options).status();
      if (options.output === 'json') context.printJson(status);
      else context.print(formatStatus(status, context.style, Date.now()));
    });
}

/** The status for people. `nowMs` is the time to count the daemon's age to. */
export function formatStatus(status: StatusReport, style: Style, nowMs: number): string {
  const parts = [
    formatPairs(summary(status, style, nowMs), style),
    formatTable(
      INTERFACE_COLUMNS,
      status.interfaces.map((entry) => interfaceRow(entry, style)),
      style,
    ),
    ...status.proxies.map((proxy) => formatProxy(proxy, style)),
  ];
  const warnings = [...status.warnings, ...failureOf(status)];
  if (warnings.length > 0) {
    parts.push(warnings.map((text) => `${style.warning('warning:')} ${text}\n`).join(''));
  }
  return parts.join('\n');
}

function summary(status: StatusReport, style: Style, nowMs: number): [string, string][] {
  const age = formatDuration((nowMs - Date.parse(status.startedAt)) / 1000);
  return [
    ['instance', status.instance],
    ['daemon', `sluice ${status.version}, pid ${status.pid}, up ${age}`],
    [
      'config',
      `${status.configFile ?? 'command line'} (generation ${status.generation})${fileNote(status, style)}`,
    ],
    ['flows', flowsText(status.flows)],
  ];
}

function failureOf({ file }: StatusReport): string[] {
  const failure = file?.lastFailure;
  return failure ? [`the last reload failed at ${failure.at}: ${failure.message}`] : [];
}

/** What is to be known of the file behind the configuration. */
function fileNote({ file }: StatusReport, style: Style): string {
  if (file === null || file.state === 'same') return '';
  if (file.state === 'differs') return `, ${style.warning('differs from the file')}: sluice diff`;
  return `, ${style.bad('the file is not valid')}: sluice check FILE`;
}

const INTERFACE_COLUMNS: readonly Column[] = [
  { title: 'INTERFACE' },
  { title: 'ROLE' },
  { title: 'ATTACHED' },
];

function interfaceRow(entry: InterfaceReport, style: Style): string[] {
  const attached = entry.mode === 'detached' ? style.bad(entry.mode) : style.good(entry.mode);
  return [entry.name, entry.role === 'both' ? 'listen, reply' : entry.role, attached];
}

function formatProxy(proxy: ProxyReport, style: Style): string {
  const where = proxy.listeners.length === 0 ? 'no address yet' : proxy.listeners.join(', ');
  const heading = `${style.heading(proxy.name)}  ${where}  ${style.faint(`mode ${proxy.mode}, ${proxy.algorithm}`)}\n`;
  return heading + formatTargets(proxy.targets, style);
}

/** The targets of a proxy. Their pools are named where there is another one than the default. */
function formatTargets(targets: readonly TargetReport[], style: Style): string {
  const rows = targets.map(targetRow);
  const pools = targets.map((target) => poolsText(target.pools));
  if (pools.every((names) => names === DEFAULT_POOL)) return formatTable(TARGET_COLUMNS, rows, style);
  const named = rows.map((row, index) => [...row, pools[index] ?? '']);
  return formatTable([...TARGET_COLUMNS, POOLS_COLUMN], named, style);
}

/** Columns of {@link targetRow}. */
export const TARGET_COLUMNS: readonly Column[] = [
  { title: 'TARGET' },
  { title: 'WEIGHT', align: 'right' },
  { title: 'ACTIVE', align: 'right' },
  { title: 'FLOWS', align: 'right' },
  { title: 'TO TARGET', align: 'right' },
  { title: 'TO CLIENT', align: 'right' },
];

const POOLS_COLUMN: Column = { title: 'POOLS', dispensable: 1 };
/** Of how many pools a target's row has the names; `sluice targets` has all. */
const POOLS_SHOWN = 3;

function poolsText(pools: readonly string[]): string {
  const more = pools.length - POOLS_SHOWN;
  return [...pools.slice(0, POOLS_SHOWN), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** One target as a row of cells. */
export function targetRow(target: TargetReport): string[] {
  return [
    target.target,
    formatPercent(target.weight),
    formatCount(target.activeFlows),
    formatCount(target.flows),
    formatBytes(target.forward.bytes),
    formatBytes(target.reply.bytes),
  ];
}

function flowsText({ active, pending, max }: StatusReport['flows']): string {
  const lasting = `${formatCount(active)} of ${formatCount(max)}`;
  return pending === 0 ? lasting : `${lasting}, and ${formatCount(pending)} new`;
}
