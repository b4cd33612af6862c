import { isAbsolute, join, relative } from 'node:path';
import { type Command, Option } from 'commander';
import { formatDocument, loadConfigFile } from '../../config/index.ts';
import type { ChangeReport } from '../../report/index.ts';
import {
  addChangeOptions,
  type ChangeCommandOptions,
  changeOptionsOf,
  showChange,
} from '../change-options.ts';
import type { CommandContext } from '../context.ts';
import {
  adminSocketOption,
  clientOf,
  type DaemonOptions,
  instanceOption,
  outputOption,
  type ReadOptions,
} from '../options.ts';

interface ConfigOptions extends DaemonOptions {
  readonly output: 'yaml' | 'json';
}

interface DiffOptions extends ReadOptions {
  readonly plan?: boolean;
}

/** Status of `sluice diff` when there are differences, as of diff(1). */
const DIFFERENT = 1;

/** `sluice config`. */
export function addConfigCommand(program: Command, context: CommandContext): void {
  program
    .command('config')
    .description('write the configuration in force, with what was changed at run time, as a file')
    .addOption(
      new Option('-o, --output <format>', 'format of the file').choices(['yaml', 'json']).default('yaml'),
    )
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .action(async (options: ConfigOptions) => {
      const { config } = await clientOf(options).configuration.running();
      context.print(formatDocument(config, options.output));
    });
}

/** `sluice diff`. */
export function addDiffCommand(program: Command, context: CommandContext): void {
  program
    .command('diff')
    .description(
      'show what reloading the configuration file would change, or applying another file; exit status 1 when something would',
    )
    .argument('[file]', 'another configuration file')
    .option('--plan', "show the writes to the kernel's tables too")
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .addOption(outputOption())
    .action(async (file: string | undefined, options: DiffOptions) => {
      const { configuration } = clientOf(options);
      const plan = options.plan === true;
      const report =
        file === undefined
          ? await configuration.diff({ plan })
          : await replace(file, { ...options, dryRun: true }, context);
      showChange(report, options, context);
      if (report.differences.length > 0) context.exitCode = DIFFERENT;
    });
}

/** `sluice reload`. */
export function addReloadCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('reload')
    .description(
      'let the daemon read its configuration file again; run-time changes that it lacks are taken back',
    );
  addChangeOptions(command).action(async (options: ChangeCommandOptions) => {
    const report = await clientOf(options).configuration.reload(changeOptionsOf(options));
    showChange(report, options, context);
  });
}

/** `sluice apply`. */
export function addApplyCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('apply')
    .description('put the configuration of a file in the place of the one in force, until the next reload')
    .argument('<file>', 'configuration file');
  addChangeOptions(command).action(async (file: string, options: ChangeCommandOptions) => {
    showChange(await replace(file, options, context), options, context);
  });
}

/** Sends a file to the daemon. Messages show its path as it was typed. */
async function replace(
  file: string,
  options: ChangeCommandOptions,
  { io }: CommandContext,
): Promise<ChangeReport> {
  const path = isAbsolute(file) ? file : join(relative(process.cwd(), io.cwd), file);
  const loaded = await loadConfigFile(path);
  const report = await clientOf(options).configuration.replace(loaded, changeOptionsOf(options));
  // The daemon was sent the values; the file has the lines.
  return { ...report, warnings: loaded.warnings };
}
