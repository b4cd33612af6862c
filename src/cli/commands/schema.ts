import type { Command } from 'commander';
import { configJsonSchema } from '../../config/index.ts';
import type { CommandContext } from '../context.ts';

/** `sluice schema`. */
export function addSchemaCommand(program: Command, context: CommandContext): void {
  program
    .command('schema')
    .description('print the JSON Schema (draft-07) of configuration files')
    .action(() => context.printJson(configJsonSchema()));
}
