import { type Command, Option } from 'commander';
import type { Change } from '../config/index.ts';
import type { ChangeOptions, ChangeReport } from '../report/index.ts';
import type { CommandContext } from './context.ts';
import { formatChange, formatConcerns } from './format/differences.ts';
import { adminSocketOption, clientOf, instanceOption, outputOption, type ReadOptions } from './options.ts';

/** Options of every command that changes the configuration. */
export interface ChangeCommandOptions extends ReadOptions {
  readonly dryRun?: boolean;
  readonly plan?: boolean;
  readonly ifHash?: string;
}

/** Gives a command the options of all that change the configuration. */
export function addChangeOptions(command: Command): Command {
  return command
    .option('--dry-run', 'check the change and show what it would do, without doing it')
    .option('--plan', "with --dry-run: show the writes to the kernel's tables too")
    .addOption(
      new Option('--if-hash <hash>', 'only over the configuration with this hash (sluice status -o json)'),
    )
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .addOption(outputOption());
}

/** What the options ask of a change. */
export function changeOptionsOf({ dryRun, plan, ifHash }: ChangeCommandOptions): ChangeOptions {
  return {
    dryRun: dryRun === true,
    plan: plan === true,
    ...(ifHash === undefined ? {} : { ifHash: [ifHash] }),
  };
}

/** Lets the daemon do a change, and shows what it did. */
export async function doChange(
  change: Change,
  options: ChangeCommandOptions,
  context: CommandContext,
): Promise<void> {
  const report = await clientOf(options).configuration.change(change, changeOptionsOf(options));
  showChange(report, options, context);
}

/** Shows what a change has done, or would do. */
export function showChange(report: ChangeReport, { output }: ReadOptions, context: CommandContext): void {
  if (output === 'json') {
    context.printJson(report);
    return;
  }
  context.io.stderr.write(formatConcerns(report, context.style));
  context.print(formatChange(report, context.style));
}
