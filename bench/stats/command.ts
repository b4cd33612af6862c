import { Argument, type Command } from 'commander';
import { benchCommand, roundsArgument, secondsArgument } from '../arguments.ts';
import { STATS_PARTS, type StatsPart } from './contenders.ts';

/** What is measured. */
export interface StatsWishes {
  readonly rounds: number;
  readonly seconds: number;
  readonly part: StatsPart;
}

/** The command line of the bench of flow events and the access log. */
export function command(): Command {
  return benchCommand(
    'bench:stats',
    'measure what flow events and the access log cost, as root',
    roundsArgument(9),
    secondsArgument(2),
    new Argument('[part]', 'flow events alone, or with the access log').choices(STATS_PARTS).default('log'),
  );
}
