import type { Command } from 'commander';
import { benchCommand, numberArgument, roundsArgument } from '../arguments.ts';

/** What is measured. */
export interface ReloadWishes {
  readonly proxies: number;
  readonly targets: number;
  readonly rounds: number;
}

/** The command line of the bench of reloads. */
export function command(): Command {
  return benchCommand(
    'bench:reload',
    'measure the CPU time of a reload, as root',
    numberArgument('proxies', 'proxies in the file', { min: 8, max: 10_000, standard: 1000 }),
    numberArgument('targets', 'targets of each', { min: 2, max: 100, standard: 20 }),
    roundsArgument(5),
  );
}
