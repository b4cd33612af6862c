import type { Command } from 'commander';
import type { DnsHostReport, DnsReport } from '../../report/index.ts';
import type { CommandContext } from '../context.ts';
import type { Style } from '../format/style.ts';
import { type Column, formatTable } from '../format/table.ts';
import { formatDuration, formatPercent } from '../format/units.ts';
import { adminSocketOption, clientOf, instanceOption, outputOption, type ReadOptions } from '../options.ts';

interface DnsOptions extends ReadOptions {
  readonly resolve?: string;
}

/** `sluice dns`. */
export function addDnsCommand(program: Command, context: CommandContext): void {
  program
    .command('dns')
    .description('show what the host names of targets stand for')
    .option('--resolve <host>', 'resolve this name now, whatever its interval')
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .addOption(outputOption())
    .action(async (options: DnsOptions) => {
      const client = clientOf(options);
      const report = await (options.resolve === undefined
        ? client.dns()
        : client.resolveHost(options.resolve));
      if (options.output === 'json') context.printJson(report);
      else context.print(formatDns(report, context.style, Date.now()));
    });
}

const COLUMNS: readonly Column[] = [
  { title: 'HOST' },
  { title: 'PROXY' },
  { title: 'ADDRESS' },
  { title: 'SHARE', align: 'right' },
  { title: 'TTL', align: 'right' },
  { title: 'RESOLVED', align: 'right' },
  { title: 'NEXT', align: 'right' },
];

/** The names for people, a line for each address; below, why names could not be resolved last time. */
export function formatDns({ hosts }: DnsReport, style: Style, nowMs: number): string {
  if (hosts.length === 0) return style.faint('no target has a host\n');
  const table = formatTable(
    COLUMNS,
    hosts.flatMap((host) => rows(host, nowMs)),
    style,
  );
  const failures = hosts
    .filter(({ lastError }) => lastError !== null)
    .map((host) => failureText(host, style));
  return failures.length === 0 ? table : `${table}\n${failures.join('')}`;
}

function rows(host: DnsHostReport, nowMs: number): string[][] {
  const since = (time: string) => formatDuration((nowMs - Date.parse(time)) / 1000);
  const next = host.nextAt === null ? 'now' : formatDuration((Date.parse(host.nextAt) - nowMs) / 1000);
  return host.addresses.map(({ address, port, share }, index) => {
    const where = port === null ? address : `${address} port ${port}`;
    if (index > 0) return ['', '', where, formatPercent(share * 100), '', '', ''];
    return [
      host.hostname,
      host.proxies.join(', '),
      where,
      formatPercent(share * 100),
      host.ttlSeconds === null ? '-' : formatDuration(host.ttlSeconds),
      `${since(host.resolvedAt)} ago`,
      next,
    ];
  });
}

function failureText({ hostname, lastError, consecutiveFailures }: DnsHostReport, style: Style): string {
  const times = consecutiveFailures === 1 ? 'once' : `${consecutiveFailures} times`;
  return `${style.warning('warning:')} ${hostname} failed ${times}: ${lastError}; its last addresses stand\n`;
}
