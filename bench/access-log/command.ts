import type { Command } from 'commander';
import { benchCommand, numberArgument } from '../arguments.ts';

/** What is measured. */
export interface RecordWishes {
  readonly records: number;
}

/** The command line of the bench of the access log. */
export function command(): Command {
  return benchCommand(
    'bench:access-log',
    'measure the CPU time of a record of the access log',
    numberArgument('records', 'records of each of the formats and rounds', {
      max: 10_000_000,
      standard: 100_000,
    }),
  );
}
