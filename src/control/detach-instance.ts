import { rmSync } from 'node:fs';
import { destroyInstance } from '../datapath/index.ts';
import { SluiceError } from '../errors/index.ts';
import { readInterfaces } from '../host/index.ts';
import { InstanceLock, instanceHolder, statesPath } from './instance-lock.ts';

/**
 * Removes what an instance left in the kernel when no daemon runs it any more; false when there was nothing.
 * @throws SluiceError `conflict` when a daemon runs it: that one must be asked instead
 */
export async function detachInstance(instance: string): Promise<boolean> {
  const pid = instanceHolder(instance);
  if (pid !== null) {
    throw new SluiceError('conflict', `instance ${instance} is run by process ${pid}`, {
      fix: 'give its admin socket (--admin-socket PATH), so that it can be asked to detach',
    });
  }
  // No daemon may start meanwhile; and the lock of a dead one goes with it.
  using _lock = InstanceLock.take(instance);
  const interfaces = await readInterfaces();
  const found = destroyInstance(
    instance,
    interfaces.map(({ index }) => index),
  );
  rmSync(statesPath(instance), { force: true });
  return found;
}
