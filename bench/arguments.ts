import { Argument, Command } from 'commander';
import { integerParser } from '../src/cli/index.ts';

/** The command line of one of the smaller benches: arguments by their places, no options but `--help`. */
export function benchCommand(name: string, description: string, ...given: readonly Argument[]): Command {
  const command = new Command(name).description(description).usage(given.map(usageOf).join(' '));
  for (const argument of given) command.addArgument(argument);
  return command;
}

/** A whole number within bounds. */
export function numberArgument(
  name: string,
  text: string,
  { min = 1, max, standard }: { readonly min?: number; readonly max: number; readonly standard: number },
): Argument {
  return new Argument(`[${name}]`, text).argParser(integerParser(min, max)).default(standard);
}

/** How often each contender takes its turn. */
export function roundsArgument(standard: number): Argument {
  return numberArgument('rounds', 'times that everything is measured', { max: 100, standard });
}

/** How long one measurement is. */
export function secondsArgument(standard: number): Argument {
  return numberArgument('seconds', 'length of one measurement', { max: 600, standard });
}

function usageOf(argument: Argument): string {
  return `[${argument.name()}]`;
}
