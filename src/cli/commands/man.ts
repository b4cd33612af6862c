import type { Command } from 'commander';
import { packageVersion } from '../../report/index.ts';
import type { CommandContext } from '../context.ts';
import { renderMan } from '../man.ts';

/** `sluice man`. */
export function addManCommand(program: Command, context: CommandContext): void {
  program
    .command('man')
    .description('print the manual page: `sluice man | man -l -`')
    .action(() => context.print(renderMan(program, packageVersion())));
}
