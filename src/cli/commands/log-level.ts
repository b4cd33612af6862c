import { Argument, type Command } from 'commander';
import { LOG_LEVELS, type LogLevel } from '../../report/index.ts';
import type { CommandContext } from '../context.ts';
import { adminSocketOption, clientOf, instanceOption, outputOption, type ReadOptions } from '../options.ts';

/** `sluice log-level`. */
export function addLogLevelCommand(program: Command, context: CommandContext): void {
  program
    .command('log-level')
    .description('show how much the daemon logs, or let it log more or less until it ends')
    .addArgument(new Argument('[level]', 'how much to log; without: show').choices(LOG_LEVELS))
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .addOption(outputOption())
    .action(async (level: LogLevel | undefined, options: ReadOptions) => {
      const { log } = clientOf(options);
      const report = level === undefined ? await log.level() : await log.setLevel(level);
      if (options.output === 'json') context.printJson(report);
      else context.print(`${report.level}\n`);
    });
}
