import { Argument, type Command } from 'commander';
import { SluiceError } from '../../errors/index.ts';
import { addChangeOptions, type ChangeCommandOptions, doChange } from '../change-options.ts';
import type { CommandContext } from '../context.ts';
import { formatTable } from '../format/table.ts';
import { clientOf } from '../options.ts';

interface InterfacesOptions extends ChangeCommandOptions {
  readonly proxy?: string;
}

const COLUMNS = [{ title: 'INTERFACE' }, { title: 'ROLE' }, { title: 'ATTACHED' }, { title: 'PROXIES' }];

/** `sluice interfaces`. */
export function addInterfacesCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('interfaces')
    .description('show the interfaces that carry the programs, or listen on more or fewer of them')
    .addArgument(new Argument('[action]', 'what to do with them').choices(['attach', 'detach']))
    .argument('[names...]', 'interfaces to listen on, or not any more')
    .option('--proxy <name>', 'only this proxy; without it, all that listen on interfaces');
  addChangeOptions(command).action(
    (action: 'attach' | 'detach' | undefined, interfaces: string[], options: InterfacesOptions) => {
      if (action === undefined) return showInterfaces(options, context);
      if (interfaces.length === 0) {
        throw new SluiceError('usage', `no interface to ${action}`, {
          fix: `sluice interfaces ${action} eth1`,
        });
      }
      const { proxy } = options;
      const kind = action === 'attach' ? 'attachInterfaces' : 'detachInterfaces';
      return doChange({ kind, interfaces, ...(proxy === undefined ? {} : { proxy }) }, options, context);
    },
  );
}

async function showInterfaces(options: InterfacesOptions, context: CommandContext): Promise<void> {
  const report = await clientOf(options).configuration.interfaces();
  if (options.output === 'json') {
    context.printJson(report);
    return;
  }
  const rows = report.interfaces.map(({ name, role, mode, proxies }) => [
    name,
    role === 'both' ? 'listen, reply' : role,
    mode === 'detached' ? context.style.bad(mode) : context.style.good(mode),
    proxies.join(', ') || '-',
  ]);
  context.print(formatTable(COLUMNS, rows, context.style));
}
