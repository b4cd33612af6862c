import { Argument, type Command } from 'commander';
import { bashCompletion } from '../completion/bash.ts';
import { fishCompletion } from '../completion/fish.ts';
import { commandNodes } from '../completion/tree.ts';
import { zshCompletion } from '../completion/zsh.ts';
import type { CommandContext } from '../context.ts';

const SHELLS = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const;

/** `sluice completion SHELL`. */
export function addCompletionCommand(program: Command, context: CommandContext): void {
  program
    .command('completion')
    .description('print a completion script for a shell')
    .addArgument(new Argument('<shell>', 'shell to complete in').choices(Object.keys(SHELLS)))
    .addHelpText('after', '\nExample:\n  source <(sluice completion bash)')
    .action((shell: keyof typeof SHELLS) => context.print(SHELLS[shell](commandNodes(program))));
}
