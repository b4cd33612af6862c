import type { Command } from 'commander';
import type { DocumentMap, DocumentValue } from '../../config/index.ts';
import type { CommandContext } from '../context.ts';
import { formatTable } from '../format/table.ts';
import { formatCount } from '../format/units.ts';
import { mustBeProxy } from '../known-proxy.ts';
import { adminSocketOption, clientOf, instanceOption, outputOption, type ReadOptions } from '../options.ts';

interface ProxiesOptions extends ReadOptions {
  readonly names?: boolean;
}

interface RoutesOptions extends ReadOptions {
  readonly proxy?: string;
}

const PROXY_COLUMNS = [
  { title: 'PROXY' },
  { title: 'LISTEN' },
  { title: 'PROTOCOL' },
  { title: 'MODE' },
  { title: 'TARGETS', align: 'right' },
  { title: 'ROUTES', align: 'right' },
] as const;
const ROUTE_COLUMNS = [{ title: 'PROXY' }, { title: 'KIND' }, { title: 'CLIENTS' }, { title: 'TARGETS' }];

/** `sluice proxies`. */
export function addProxiesCommand(program: Command, context: CommandContext): void {
  program
    .command('proxies')
    .description('show the proxies of the configuration in force')
    .option('--names', 'only their names, one a line')
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .addOption(outputOption())
    .action(async (options: ProxiesOptions) => {
      const { config } = await clientOf(options).configuration.running();
      const { proxies } = config;
      if (options.names) context.print(proxies.map(({ name }) => `${name}\n`).join(''));
      else if (options.output === 'json') context.printJson({ proxies });
      else context.print(formatTable(PROXY_COLUMNS, proxies.map(proxyRow), context.style));
    });
}

/** `sluice routes`. */
export function addRoutesCommand(program: Command, context: CommandContext): void {
  program
    .command('routes')
    .description('show the source routes and SNI routes of the configuration in force')
    .option('--proxy <name>', 'only routes of this proxy')
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .addOption(outputOption())
    .action(async (options: RoutesOptions) => {
      const client = clientOf(options);
      const report = await client.configuration.routes(options.proxy);
      if (options.proxy !== undefined && report.routes.length === 0) await mustBeProxy(options.proxy, client);
      if (options.output === 'json') context.printJson(report);
      else if (report.routes.length === 0) context.print(context.style.faint('there are no routes\n'));
      else {
        const rows = report.routes.map(({ proxy, kind, route }) => [
          proxy,
          kind,
          String(route.source ?? route.sniHostname),
          listOf(route.targets).map(targetText).join(', '),
        ]);
        context.print(formatTable(ROUTE_COLUMNS, rows, context.style));
      }
    });
}

function proxyRow({ name, listen, mode, defaultTarget, sourceRoutes, sniRoutes }: DocumentMap): string[] {
  const { interfaces, address, port, protocol } = mapOf(listen);
  const where = [...listOf(interfaces), ...listOf(address)].join(', ');
  return [
    String(name),
    `${where} port ${String(port)}`,
    protocol === 'both' ? 'tcp, udp' : String(protocol),
    String(mode),
    formatCount(listOf(defaultTarget).length),
    formatCount(listOf(sourceRoutes).length + listOf(sniRoutes).length),
  ];
}

/** `10.0.0.1:80`, with its weight where it has one. */
function targetText(target: DocumentValue): string {
  const { ip, host, port, weight } = mapOf(target);
  const address = String(ip ?? host);
  const endpoint = `${address.includes(':') ? `[${address}]` : address}:${String(port)}`;
  return weight === undefined ? endpoint : `${endpoint} ${String(weight)}%`;
}

function listOf(value: DocumentValue | undefined): readonly DocumentValue[] {
  return Array.isArray(value) ? value : [];
}

function mapOf(value: DocumentValue | undefined): DocumentMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
