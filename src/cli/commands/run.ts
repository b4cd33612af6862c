import { type Command, Option } from 'commander';
import { requirePrivileges } from '../../doctor/index.ts';
import { SluiceError } from '../../errors/index.ts';
import { LOG_LEVELS, type LogLevel } from '../../report/index.ts';
import type { CommandContext } from '../context.ts';
import {
  adminSocketOption,
  collect,
  type DaemonOptions,
  instanceOption,
  integerParser,
  socketPathOf,
} from '../options.ts';
import {
  type ConfigSource,
  chooseSource,
  DEFAULT_CONFIG_FILES,
  DEFAULT_PORT,
  DEFAULT_TARGET,
  loadSource,
  type SourceFlags,
} from '../run/config-source.ts';
import { runDaemon } from '../run/daemon.ts';
import { createLogger, type LogFormat } from '../run/logger.ts';

interface RunOptions extends DaemonOptions, SourceFlags {
  readonly detachOnExit?: boolean;
  readonly watch?: boolean;
  readonly logFormat: LogFormat;
  readonly logLevel?: LogLevel;
}

/** `sluice run`, also meant when no command is named. */
export function addRunCommand(program: Command, context: CommandContext): void {
  program
    .command('run', { isDefault: true })
    .description('balance until told to stop (the default command)')
    .option(
      '-c, --config <file>',
      `configuration file (default: the first of ${DEFAULT_CONFIG_FILES.join(', ')})`,
    )
    .option('-i, --interface <name>', 'interface to listen on; may be given several times', collect)
    .addOption(portOption())
    .option('-t, --target <ip:port>', `where to send connections (default: ${DEFAULT_TARGET})`)
    .option('-s, --stats', 'enable statistics collection')
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .option('--watch', 'reload whenever the configuration file changes')
    .option('--detach-on-exit', 'detach on SIGTERM too; without it the kernel keeps balancing')
    .addOption(
      new Option('--log-format <format>', 'log lines for people or for programs')
        .choices(['auto', 'json', 'pretty'])
        .default('auto'),
    )
    .addOption(
      new Option(
        '--log-level <level>',
        'how much to log (default: settings.logLevel, with -v debug)',
      ).choices(LOG_LEVELS),
    )
    .addHelpText('after', EXAMPLES)
    .action((options: RunOptions) => run(options, context));
}

/** `-p, --port`. */
export function portOption(): Option {
  return new Option('-p, --port <port>', `port to listen on (default: ${DEFAULT_PORT})`).argParser(
    integerParser(1, 65_535),
  );
}

const EXAMPLES = `
Examples:
  sluice run -c sluice.yaml
  sluice run -i eth0 -p 80 -t 10.0.0.1:8080
  sluice -i eth0 -i eth1 -p 443 -t 10.0.0.2:8443 --stats

Signals:
  SIGINT   detach and end (Ctrl-C; a second one ends at once)
  SIGTERM  end; the kernel keeps balancing, unless --detach-on-exit
  SIGHUP   read the configuration file again`;

/** @throws SluiceError `usage` when there is no file to watch */
function mustHaveFile(watch: boolean, { kind }: ConfigSource): boolean {
  if (!watch || kind === 'file') return watch;
  throw new SluiceError('usage', '--watch needs a configuration file', {
    fix: 'name one with -c, or leave --watch out',
  });
}

async function run(options: RunOptions, context: CommandContext): Promise<void> {
  const { io } = context;
  const source = await chooseSource(options, io.cwd);
  const loaded = await loadSource(source);
  await requirePrivileges(io.host);
  const asked = options.logLevel ?? (context.verbose ? 'debug' : undefined);
  const logger = createLogger(io.stdout, {
    format: options.logFormat,
    level: asked ?? loaded.config.settings.logLevel,
    color: io.stdout.isTTY && !io.env.NO_COLOR,
  });
  if (source.kind === 'file' && source.found)
    logger.info({ config: source.path }, 'found a configuration file');
  for (const warning of loaded.warnings) logger.warn(warning);
  await runDaemon(
    {
      source,
      loaded,
      instance: options.instance,
      socketPath: socketPathOf(options),
      detachOnExit: options.detachOnExit === true,
      watch: mustHaveFile(options.watch === true, source),
      logger,
      isLevelAsked: asked !== undefined,
    },
    io,
  );
}
