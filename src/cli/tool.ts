import { type Command, CommanderError, type OptionValues } from 'commander';
import { SluiceError } from '../errors/index.ts';
import { formatError, toCliError } from './errors.ts';
import { type Style, styleFor } from './format/style.ts';
import type { CliIo } from './io.ts';
import type { OutputFormat } from './options.ts';

/** What a tool of this package (the bench, the soak) touches outside of itself. */
export type ToolIo = Pick<CliIo, 'stdout' | 'stderr' | 'env' | 'onSignal' | 'exitNow'>;

const INTERRUPTED = 130;

/**
 * Runs the command line of a tool to its end. The first SIGINT or SIGTERM aborts the signal, the second ends the process.
 * Errors are written to standard error.
 * @param run does the work and gives the exit status; its options are those of the command, and its arguments by their names
 * @returns the exit status: that of `run`, 130 when interrupted, or that of an error
 */
export async function runTool<O extends OptionValues>(
  argv: readonly string[],
  io: ToolIo,
  command: Command,
  run: (options: O, signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const stop = new AbortController();
  const interrupt = () => (stop.signal.aborted ? io.exitNow(INTERRUPTED) : stop.abort());
  const offs = [io.onSignal('SIGINT', interrupt), io.onSignal('SIGTERM', interrupt)];
  let status = 0;
  command
    .exitOverride()
    .configureOutput({ writeOut: io.stdout.write, writeErr: io.stderr.write, outputError: () => {} })
    .action(async () => {
      status = await run(wishesOf<O>(command), stop.signal);
    });
  try {
    await command.parseAsync([...argv], { from: 'user' });
    return status;
  } catch (error) {
    if (stop.signal.aborted) return INTERRUPTED;
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const failure = failureOf(error, command);
    io.stderr.write(formatError(failure, styleFor(io.stderr, io.env), failure.code !== 'usage'));
    return failure.exitCode;
  } finally {
    for (const off of offs) off();
  }
}

function wishesOf<O extends OptionValues>(command: Command): O {
  const named = command.registeredArguments.map((argument, index) => [
    argument.name(),
    command.processedArgs[index],
  ]);
  return Object.assign(command.opts<O>(), Object.fromEntries(named));
}

/** An error of use leads to the help of the tool, not to that of `sluice`. */
function failureOf(error: unknown, command: Command): SluiceError {
  const failure = toCliError(error);
  if (!(error instanceof CommanderError) || !failure.fix?.startsWith('see: ')) return failure;
  return new SluiceError(failure.code, failure.message, {
    fix: `see: ${command.name()} --help`,
    cause: error,
  });
}

/** Writes what a tool has found, for people or for programs. */
export function writeReport<R>(
  io: ToolIo,
  output: OutputFormat,
  report: R,
  format: (report: R, style: Style) => string,
): void {
  const text =
    output === 'json' ? `${JSON.stringify(report, null, 2)}\n` : format(report, styleFor(io.stdout, io.env));
  io.stdout.write(text);
}
