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
import { PARTS, type PlanOptions, planOf } from './plan.ts';
import { Progress } from './progress.ts';
import { formatReport } from './report/text.ts';
import { runBench } from './run.ts';

/** What the bench touches outside of itself. */
export type BenchIo = Pick<CliIo, 'stdout' | 'stderr' | 'env' | 'onSignal' | 'exitNow'>;

interface Options extends PlanOptions {
  readonly output: OutputFormat;
}

const MAX_ROUNDS = 100;
const INTERRUPTED = 130;

/**
 * Runs the command line of the bench to its end. A missed aim is no failure.
 * @returns the exit status
 */
export async function runCli(argv: readonly string[], io: BenchIo): Promise<number> {
  const stop = new AbortController();
  const interrupt = () => (stop.signal.aborted ? io.exitNow(INTERRUPTED) : stop.abort());
  const offs = [io.onSignal('SIGINT', interrupt), io.onSignal('SIGTERM', interrupt)];
  try {
    await command(io, stop.signal).parseAsync([...argv], { from: 'user' });
    return 0;
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

function command(io: BenchIo, signal: AbortSignal): Command {
  return new Command('bench')
    .description('measure Sluice beside plain routing, nftables, HAProxy and nginx, in network namespaces')
    .usage('[options]')
    .addOption(
      new Option('--rounds <count>', 'times that every contender is measured').argParser(
        integerParser(1, MAX_ROUNDS),
      ),
    )
    .addOption(new Option('--only <parts...>', 'only these parts').choices(PARTS))
    .option('--quick', 'one short round of everything: shows that it works, measures nothing worth quoting')
    .addOption(outputOption())
    .exitOverride()
    .configureOutput({ writeOut: io.stdout.write, writeErr: io.stderr.write, outputError: () => {} })
    .action((options: Options) => bench(options, io, signal));
}

async function bench(options: Options, io: BenchIo, signal: AbortSignal): Promise<void> {
  const report = await runBench(planOf(options), new Progress(io.stderr), signal);
  io.stdout.write(
    options.output === 'json'
      ? `${JSON.stringify(report, null, 2)}\n`
      : formatReport(report, styleFor(io.stdout, io.env)),
  );
}
