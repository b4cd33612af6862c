import type { Command } from 'commander';
import { benchCommand, numberArgument, secondsArgument } from '../arguments.ts';

/** What is measured. */
export interface HealthWishes {
  readonly targets: number;
  readonly intervalMs: number;
  readonly seconds: number;
}

/** The command line of the bench of health checks. */
export function command(): Command {
  return benchCommand(
    'bench:health',
    'measure the CPU time of health checks',
    numberArgument('targets', 'targets on loopback addresses', { max: 60_000, standard: 2000 }),
    numberArgument('intervalMs', 'time between two checks of a target', {
      min: 10,
      max: 3_600_000,
      standard: 1000,
    }),
    secondsArgument(10),
  );
}
