import { type Command, Option } from 'commander';
import type { CommandContext } from '../context.ts';
import { integerParser } from '../options.ts';

/** Status after a second Ctrl-C. */
const INTERRUPTED = 130;
const MAX_SECONDS = 86_400;

/** `sluice demo`. */
export function addDemoCommand(program: Command, context: CommandContext): void {
  program
    .command('demo')
    .description(
      'balance real traffic between network namespaces of this host, live, and leave nothing behind',
    )
    .addOption(
      new Option('--seconds <count>', 'end after this time (default: at Ctrl-C)').argParser(
        integerParser(1, MAX_SECONDS),
      ),
    )
    .action((options: { readonly seconds?: number }) => runDemo(options.seconds ?? null, context));
}

async function runDemo(seconds: number | null, { io }: CommandContext): Promise<void> {
  const stop = new AbortController();
  const interrupt = () => (stop.signal.aborted ? io.exitNow(INTERRUPTED) : stop.abort());
  const offInterrupt = io.onSignal('SIGINT', interrupt);
  const offTerminate = io.onSignal('SIGTERM', () => stop.abort());
  try {
    const demo = await io.loadDemo();
    await demo.runDemo({
      seconds,
      signal: stop.signal,
      stdout: io.stdout.write,
      stderr: io.stderr.write,
      sluiceCommand: io.selfCommand,
    });
  } finally {
    offInterrupt();
    offTerminate();
  }
}
