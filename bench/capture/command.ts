import { Argument, type Command } from 'commander';
import { benchCommand } from '../arguments.ts';

/** What is measured. */
export interface CaptureWishes {
  /** Other programs to compare with, for instance those of the commit before. */
  readonly object?: string;
}

/** The command line of the bench of captures. */
export function command(): Command {
  return benchCommand(
    'bench:capture',
    'measure what a packet pays for captures, as root',
    new Argument('[object]', 'compiled programs to compare with: a sluice.bpf.o of another build'),
  );
}
