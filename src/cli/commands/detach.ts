import type { Command } from 'commander';
import { removeDeadSocket } from '../../admin/index.ts';
import { SluiceError } from '../../errors/index.ts';
import type { CommandContext } from '../context.ts';
import { adminSocketOption, clientOf, type DaemonOptions, instanceOption, socketPathOf } from '../options.ts';

/** `sluice detach`. */
export function addDetachCommand(program: Command, context: CommandContext): void {
  program
    .command('detach')
    .description('remove an instance from the kernel; its daemon, if one runs, ends')
    .addOption(instanceOption())
    .addOption(adminSocketOption())
    .action(async (options: DaemonOptions) => {
      const hadDaemon = await detachByDaemon(options);
      if (!hadDaemon) await detachDirectly(options, context);
      const daemon = hadDaemon ? 'its daemon ends' : 'no daemon answered';
      context.print(`instance "${options.instance}" is detached; ${daemon}\n`);
    });
}

/** False when no daemon answers. */
async function detachByDaemon(options: DaemonOptions): Promise<boolean> {
  try {
    await clientOf(options).detach();
    return true;
  } catch (error) {
    // Only what is on this host can be detached without its daemon.
    const isHere = options.adminUrl === undefined;
    if (isHere && error instanceof SluiceError && error.code === 'unreachable') return false;
    throw error;
  }
}

async function detachDirectly(options: DaemonOptions, context: CommandContext): Promise<void> {
  const { instance } = options;
  const { detachInstance } = await context.io.loadControl();
  const wasThere = await detachInstance(instance);
  await removeDeadSocket(socketPathOf(options));
  if (wasThere) return;
  throw new SluiceError('not_found', `instance "${instance}" is not attached and no daemon of it runs`, {
    fix: 'ls /sys/fs/bpf/sluice shows the instances of this host',
  });
}
