import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { adminSocketOption, clientOf, type DaemonOptions, instanceOption } from '../options.ts';

/** `sluice metrics`. */
export function addMetricsCommand(program: Command, context: CommandContext): void {
  program
    .command('metrics')
    .description("show all metrics, in Prometheus' text format")
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .action(async (options: DaemonOptions) => {
      context.print(await clientOf(options).collectMetrics());
    });
}
