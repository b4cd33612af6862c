import { Command, CommanderError, Option } from 'commander';
import {
  type CliIo,
  formatError,
  integerParser,
  type OutputFormat,
  outputOption,
  styleFor,
  toCliError,
} from '../src/cli/index.ts';
import { DEFAULT_MINUTES, type PlanOptions, planOf, STAGES } from './plan.ts';
import { Progress } from './progress.ts';
import { formatReport } from './report.ts';
import { runSoak } from './run.ts';

/** What the soak touches outside of itself. */
export type SoakIo = Pick<CliIo, 'stdout' | 'stderr' | 'env' | 'onSignal' | 'exitNow'>;

interface Options extends PlanOptions {
  readonly output: OutputFormat;
}

const FAILED = 1;
const INTERRUPTED = 130;
const MAX_MINUTES = 100_000;
const MIN_SECONDS = 5;
const MAX_SEED = 2 ** 32 - 1;
const DEFAULT_RATE = 300;
const MAX_RATE = 5_000;

/**
 * Runs the command line of the soak to its end.
 * @returns the exit status: 0, 1 when a check failed, 130 when interrupted, or that of an error
 */
export async function runCli(argv: readonly string[], io: SoakIo): Promise<number> {
  const stop = new AbortController();
  const interrupt = () => (stop.signal.aborted ? io.exitNow(INTERRUPTED) : stop.abort());
  const offs = [io.onSignal('SIGINT', interrupt), io.onSignal('SIGTERM', interrupt)];
  let status = 0;
  const run = async (options: Options) => {
    status = await soak(options, io, stop.signal);
  };
  try {
    await command(io, run).parseAsync([...argv], { from: 'user' });
    return status;
  } catch (error) {
    if (stop.signal.aborted) return INTERRUPTED;
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const failure = toCliError(error);
    io.stderr.write(formatError(failure, styleFor(io.stderr, io.env), true));
    return failure.exitCode;
  } finally {
    for (const off of offs) off();
  }
}

function command(io: SoakIo, run: (options: Options) => Promise<void>): Command {
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
    .addOption(outputOption())
    .exitOverride()
    .configureOutput({ writeOut: io.stdout.write, writeErr: io.stderr.write, outputError: () => {} })
    .action(run);
}

async function soak(options: Options, io: SoakIo, signal: AbortSignal): Promise<number> {
  const report = await runSoak(planOf(options), new Progress(io.stderr), signal);
  io.stdout.write(
    options.output === 'json'
      ? `${JSON.stringify(report, null, 2)}\n`
      : formatReport(report, styleFor(io.stdout, io.env)),
  );
  return report.passed ? 0 : FAILED;
}
