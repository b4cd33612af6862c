import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { AdminClient } from '../../admin/index.ts';
import { RANGES } from '../../config/index.ts';
import { SluiceError } from '../../errors/index.ts';
import type { DrainReport, TargetName, TargetStateReport } from '../../report/index.ts';
import type { CommandContext } from '../context.ts';
import { describeDrain, formatDrains } from '../format/drain.ts';
import {
  adminSocketOption,
  clientOf,
  instanceOption,
  integerParser,
  outputOption,
  type ReadOptions,
} from '../options.ts';

interface DrainCommandOptions extends ReadOptions {
  /** Seconds. */
  readonly timeout?: number;
  readonly wait?: boolean;
}

/** Status of `--wait` when the drain did not complete. */
const NOT_COMPLETED = 1;
const POLL_MS = 250;
const RANGE_SECONDS = { min: RANGES.drainTimeoutMs.min / 1000, max: RANGES.drainTimeoutMs.max / 1000 };

/** `sluice drain`. */
export function addDrainCommand(program: Command, context: CommandContext): void {
  program
    .command('drain')
    .description(
      'send a target no new connections and let the open ones end; without a target: show the drains',
    )
    .argument('[proxy]', 'proxy of the target')
    .argument('[target]', 'target to drain: IP:PORT')
    .addOption(
      new Option(
        '--timeout <seconds>',
        'how long connections may take to end (default: settings.defaultDrainTimeoutMs)',
      ).argParser(integerParser(RANGE_SECONDS.min, RANGE_SECONDS.max)),
    )
    .option('--wait', 'wait for the end; exit status 1 when connections are left then')
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .addOption(outputOption())
    .action((proxy: string | undefined, target: string | undefined, options: DrainCommandOptions) =>
      drain(proxy, target, options, context),
    );
}

/** `sluice undrain`. */
export function addUndrainCommand(program: Command, context: CommandContext): void {
  addStateCommand(program, context, {
    name: 'undrain',
    description: 'give a target its share of new connections again, after a drain or maintenance',
    state: 'ready',
    done: 'is ready',
  });
}

/** `sluice maintenance`. */
export function addMaintenanceCommand(program: Command, context: CommandContext): void {
  addStateCommand(program, context, {
    name: 'maintenance',
    description: 'send a target no new connections and check it no more, until `sluice undrain`',
    state: 'maintenance',
    done: 'is in maintenance',
  });
}

interface StateCommand {
  readonly name: string;
  readonly description: string;
  readonly state: 'ready' | 'maintenance';
  readonly done: string;
}

function addStateCommand(program: Command, context: CommandContext, command: StateCommand): void {
  program
    .command(command.name)
    .description(command.description)
    .argument('<proxy>', 'proxy of the target')
    .argument('<target>', 'the target: IP:PORT')
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .addOption(outputOption())
    .action(async (proxy: string, target: string, options: ReadOptions) => {
      const report = await clientOf(options).setTargetState(proxy, target, command.state);
      if (options.output === 'json') context.printJson(report);
      else context.print(`${target} of ${proxy} ${command.done}\n`);
    });
}

async function drain(
  proxy: string | undefined,
  target: string | undefined,
  options: DrainCommandOptions,
  context: CommandContext,
): Promise<void> {
  const client = clientOf(options);
  if (proxy === undefined) {
    const report = await client.drains();
    if (options.output === 'json') context.printJson(report);
    else context.print(formatDrains(report, context.style));
    return;
  }
  if (target === undefined)
    throw new SluiceError('usage', 'drain needs a target', { fix: 'sluice drain PROXY IP:PORT' });
  const timeoutMs = options.timeout === undefined ? undefined : options.timeout * 1000;
  const begun = await client.setTargetState(proxy, target, 'drain', timeoutMs);
  const report = options.wait ? await waitForEnd(client, begun, context) : begun;
  if (options.output === 'json') context.printJson(report);
  else context.print(`${target} of ${proxy}: ${describeDrain(report.drain)}\n`);
  if (options.wait && report.drain?.status !== 'completed') context.exitCode = NOT_COMPLETED;
}

/** Asks until the drain is over; shows on a terminal how far it is. */
async function waitForEnd(
  client: AdminClient,
  begun: TargetStateReport,
  context: CommandContext,
): Promise<TargetStateReport> {
  let report = begun;
  while (report.drain?.status === 'draining') {
    showProgress(report, report.drain, context);
    await sleep(POLL_MS);
    report = await client.targetState(begun.proxy, begun.target);
  }
  if (context.io.stderr.isTTY) context.io.stderr.write('\r\x1b[K');
  return report;
}

function showProgress({ proxy, target }: TargetName, drain: DrainReport, { io }: CommandContext): void {
  if (io.stderr.isTTY) io.stderr.write(`\r\x1b[K${target} of ${proxy}: ${describeDrain(drain)}`);
}
