import type { Command } from 'commander';
import { benchCommand, roundsArgument, secondsArgument } from '../arguments.ts';

/** What is measured. */
export interface NameWishes {
  readonly rounds: number;
  readonly seconds: number;
}

/** The command line of the comparison by host name. */
export function command(): Command {
  return benchCommand(
    'bench:sni',
    'compare routing of TLS connections by host name with HAProxy and nginx, as root',
    roundsArgument(9),
    secondsArgument(2),
  );
}
