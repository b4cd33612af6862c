import { type Command, Option } from 'commander';
import { DashboardServer } from '../../admin/index.ts';
import type { CommandContext } from '../context.ts';
import {
  adminSocketOption,
  clientOf,
  type DaemonOptions,
  daemonAddressOf,
  instanceOption,
  integerParser,
} from '../options.ts';

interface DashboardOptions extends DaemonOptions {
  readonly port: number;
}

/** `sluice dashboard`. */
export function addDashboardCommand(program: Command, context: CommandContext): void {
  program
    .command('dashboard')
    .description('show the daemon in a browser on this host, until Ctrl-C')
    .addOption(
      new Option('--port <port>', 'port on 127.0.0.1; 0 for any that is free')
        .default(0)
        .argParser(integerParser(0, 65_535)),
    )
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .action((options: DashboardOptions) => dashboard(options, context));
}

async function dashboard(options: DashboardOptions, context: CommandContext): Promise<void> {
  // A daemon that does not answer is told here, not in the browser.
  await clientOf(options).readiness();
  await using server = await DashboardServer.start({ daemon: daemonAddressOf(options), port: options.port });
  context.print(`${server.url}\n`);
  context.io.stderr.write('whoever has this link may do everything; it works on this host, until Ctrl-C\n');
  await untilStopped(context);
}

function untilStopped({ io }: CommandContext): Promise<void> {
  return new Promise((resolve) => {
    const offs = (['SIGINT', 'SIGTERM'] as const).map((signal) =>
      io.onSignal(signal, () => {
        for (const off of offs) off();
        resolve();
      }),
    );
  });
}
