import { Command, Option } from 'commander';
import {
  integerParser,
  type OutputFormat,
  outputOption,
  runTool,
  type ToolIo,
  writeReport,
} from '../src/cli/index.ts';
import { DEFAULT_MINUTES, type PlanOptions, planOf, STAGES } from './plan.ts';
import { Progress } from './progress.ts';
import { formatReport } from './report.ts';
import { runSoak } from './run.ts';

interface Options extends PlanOptions {
  readonly output: OutputFormat;
}

const FAILED = 1;
const MAX_MINUTES = 100_000;
const MIN_SECONDS = 5;
const MAX_SEED = 2 ** 32 - 1;
const DEFAULT_RATE = 300;
const MAX_RATE = 5_000;

/**
 * Runs the command line of the soak to its end.
 * @returns the exit status: 0, 1 when a check failed, 130 when interrupted, or that of an error
 */
export function runCli(argv: readonly string[], io: ToolIo): Promise<number> {
  return runTool(argv, io, command(), async (options: Options, signal) => {
    const report = await runSoak(planOf(options), new Progress(io.stderr), signal);
    writeReport(io, options.output, report, formatReport);
    return report.passed ? 0 : FAILED;
  });
}

function command(): Command {
  const number = (flags: string, text: string, min: number, max: number) =>
    new Option(flags, text).argParser(integerParser(min, max));
  return new Command('soak')
    .description(
      'balance real traffic for a long time while everything changes, and look whether anything breaks',
    )
    .usage('[options]')
    .addOption(number('--minutes <count>', `how long (default: ${DEFAULT_MINUTES})`, 1, MAX_MINUTES))
    .addOption(
      number('--seconds <count>', 'how long, for a quick one', MIN_SECONDS, MAX_MINUTES * 60).conflicts(
        'minutes',
      ),
    )
    .addOption(number('--seed <number>', 'makes the same changes in the same order', 0, MAX_SEED).default(1))
    .addOption(number('--rate <count>', 'short connections a second', 1, MAX_RATE).default(DEFAULT_RATE))
    .addOption(new Option('--only <stages...>', 'only on these hooks').choices(STAGES))
    .addOption(outputOption());
}
