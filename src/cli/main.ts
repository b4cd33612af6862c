import { CommanderError } from 'commander';
import { SluiceError } from '../errors/index.ts';
import { CommandContext } from './context.ts';
import { type CliIo, systemCliIo } from './io.ts';
import { buildProgram } from './program.ts';
import { nearestWord } from './suggest.ts';

/**
 * Runs one command line to its end. Errors are written to standard error.
 * @param argv the arguments after the program's name.
 * @returns the exit status.
 */
export async function main(argv: readonly string[], io: CliIo = systemCliIo()): Promise<number> {
  const context = new CommandContext(io);
  const program = buildProgram(context);
  const commands = program.commands.map((command) => command.name());
  try {
    refuseUnknownCommand(argv[0], commands);
    await program.parseAsync(withoutArrow(argv), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError && error.exitCode === 0))
      context.report(
        error,
        commands.find((name) => name === argv[0]),
      );
  }
  return context.exitCode;
}

/** Without this, a mistyped command would be taken for an argument of the default command, `run`. */
function refuseUnknownCommand(word: string | undefined, commands: readonly string[]): void {
  if (word === undefined || word.startsWith('-') || commands.includes(word)) return;
  const meant = nearestWord(word, commands);
  throw new SluiceError('usage', `there is no command "${word}"`, {
    fix: meant === null ? 'see: sluice --help' : `did you mean: sluice ${meant}`,
  });
}

/** An arrow between the words of `trace` would be taken for an option. */
function withoutArrow(argv: readonly string[]): string[] {
  return argv[0] === 'trace' ? argv.filter((word) => word !== '->') : [...argv];
}
