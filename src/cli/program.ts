import { Command } from 'commander';
import { packageVersion } from '../report/index.ts';
import { readAdminSecrets } from './admin-secrets.ts';
import { addAddCommand } from './commands/add.ts';
import { addCaptureCommand } from './commands/capture.ts';
import { addCheckCommand } from './commands/check.ts';
import { addCircuitCommand } from './commands/circuit.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addApplyCommand, addConfigCommand, addDiffCommand, addReloadCommand } from './commands/config.ts';
import { addConnectionsCommand } from './commands/connections.ts';
import { addDashboardCommand } from './commands/dashboard.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addDetachCommand } from './commands/detach.ts';
import { addDnsCommand } from './commands/dns.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addDrainCommand, addMaintenanceCommand, addUndrainCommand } from './commands/drain.ts';
import { addEventsCommand } from './commands/events.ts';
import { addHealthCommand } from './commands/health.ts';
import { addInterfacesCommand } from './commands/interfaces.ts';
import { addLogLevelCommand } from './commands/log-level.ts';
import { addManCommand } from './commands/man.ts';
import { addMetricsCommand } from './commands/metrics.ts';
import { addProxiesCommand, addRoutesCommand } from './commands/proxies.ts';
import { addRateLimitCommand } from './commands/rate-limit.ts';
import { addRemoveCommand } from './commands/remove.ts';
import { addRunCommand } from './commands/run.ts';
import { addSchemaCommand } from './commands/schema.ts';
import { addStatsCommand } from './commands/stats.ts';
import { addStatusCommand } from './commands/status.ts';
import { addTargetsCommand } from './commands/targets.ts';
import { addTopCommand } from './commands/top.ts';
import { addTraceCommand } from './commands/trace.ts';
import { addWeightCommand } from './commands/weight.ts';
import type { CommandContext } from './context.ts';
import { adminUrlOptions } from './options.ts';

const COMMANDS = [
  addRunCommand,
  addCheckCommand,
  addStatusCommand,
  addConnectionsCommand,
  addStatsCommand,
  addTopCommand,
  addMetricsCommand,
  addTargetsCommand,
  addHealthCommand,
  addDnsCommand,
  addDrainCommand,
  addUndrainCommand,
  addMaintenanceCommand,
  addCircuitCommand,
  addProxiesCommand,
  addRoutesCommand,
  addInterfacesCommand,
  addAddCommand,
  addRemoveCommand,
  addWeightCommand,
  addConfigCommand,
  addDiffCommand,
  addReloadCommand,
  addApplyCommand,
  addEventsCommand,
  addRateLimitCommand,
  addTraceCommand,
  addLogLevelCommand,
  addDashboardCommand,
  addCaptureCommand,
  addDetachCommand,
  addDoctorCommand,
  addDemoCommand,
  addSchemaCommand,
  addCompletionCommand,
  addManCommand,
] as const;

/** Builds the whole command tree over `context`. Never ends the process: errors are thrown. */
export function buildProgram(context: CommandContext): Command {
  const program = new Command('sluice')
    .description('A layer-4 load balancer in the Linux kernel')
    .usage('[command] [options]')
    .version(packageVersion(), '--version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: context.io.stdout.write,
      writeErr: context.io.stderr.write,
      // Errors are thrown too, and reported in one format with all others.
      outputError: () => {},
    })
    .hook('preAction', async (_program, command) => {
      context.verbose = command.opts().verbose === true;
      await readAdminSecrets(command, context.io);
    });
  for (const add of COMMANDS) add(program, context);
  for (const command of program.commands) {
    if (asksDaemon(command)) for (const option of adminUrlOptions()) command.addOption(option);
    command.option('-v, --verbose', 'say more: details of what happens, causes of errors');
    command.helpOption('-h, --help', 'show help');
  }
  return program;
}

function asksDaemon(command: Command): boolean {
  return command.name() !== 'run' && command.options.some(({ long }) => long === '--admin-socket');
}
