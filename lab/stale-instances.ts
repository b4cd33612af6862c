import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PIN_DIRECTORY } from './leaks/bpf-objects.ts';
import { creatorOfInstance, isAlive } from './naming.ts';

/** Where daemons keep locks, what operators want of targets, and sockets. */
const RUN_DIRECTORY = '/run/sluice';

/**
 * Removes what instances of `uniqueInstance` have left whose creators are dead: their kernel objects, which only pins keep alive,
 * locks, states and sockets. Instances of other names are never touched: they balance on without a daemon on purpose.
 * @returns the names of the instances
 */
export function sweepStaleInstances(): readonly string[] {
  const stale = new Set<string>();
  for (const directory of [PIN_DIRECTORY, RUN_DIRECTORY]) {
    for (const entry of entries(directory)) {
      // In the run directory NAME.lock, NAME.states.json and the folder NAME of a socket lie side by side.
      const [instance = ''] = entry.split('.');
      const creator = creatorOfInstance(instance);
      if (creator === undefined || isAlive(creator)) continue;
      rmSync(join(directory, entry), { recursive: true, force: true });
      stale.add(instance);
    }
  }
  return [...stale];
}

function entries(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
