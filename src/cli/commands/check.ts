import { isAbsolute, join, relative } from 'node:path';
import type { Command } from 'commander';
import { type Config, configuredTargets, loadConfigFile } from '../../config/index.ts';
import { SluiceError } from '../../errors/index.ts';
import type { CommandContext } from '../context.ts';
import { formatWarnings } from '../format/detail.ts';
import { type OutputFormat, outputOption } from '../options.ts';

/** `sluice check FILE`. */
export function addCheckCommand(program: Command, context: CommandContext): void {
  program
    .command('check')
    .description('check a configuration file (YAML, JSON or EDN) and show every error with its line')
    .argument('<file>', 'configuration file')
    .addOption(outputOption())
    .action(async (file: string, options: { readonly output: OutputFormat }) => {
      const path = asTyped(context.io.cwd, file);
      if (options.output === 'json') await checkForPrograms(path, context);
      else await checkForPeople(file, path, context);
    });
}

/** The path that reads the file and, in the usual case, appears in messages as it was typed. */
function asTyped(cwd: string, file: string): string {
  return isAbsolute(file) ? file : join(relative(process.cwd(), cwd), file);
}

async function checkForPeople(file: string, path: string, context: CommandContext): Promise<void> {
  const { config, warnings } = await loadConfigFile(path);
  context.print(formatWarnings(warnings, context.style));
  context.print(`${file}: ${context.style.good('ok')}, ${summary(config)}\n`);
}

async function checkForPrograms(path: string, context: CommandContext): Promise<void> {
  try {
    const { warnings } = await loadConfigFile(path);
    context.printJson({ valid: true, errors: [], warnings });
  } catch (error) {
    if (!(error instanceof SluiceError) || error.code !== 'config_invalid') throw error;
    context.printJson({ valid: false, errors: error.details, warnings: [] });
    context.exitCode = error.exitCode;
  }
}

function summary(config: Config): string {
  const targets = config.proxies.reduce((sum, proxy) => sum + configuredTargets(proxy).length, 0);
  return `${count(config.proxies.length, 'proxy', 'proxies')}, ${count(targets, 'target', 'targets')}`;
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
