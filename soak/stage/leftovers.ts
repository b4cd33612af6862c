import { relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PIN_DIRECTORY, snapshotKernel } from '../../lab/index.ts';
import { type Creator, creatorOf, creatorOfInstance, currentCreator } from '../../lab/naming.ts';

const PATIENCE_MS = 5_000;
const PAUSE_MS = 100;

/**
 * Namespaces, processes and pins that this process has made and that are still there after a while. What others make
 * meanwhile is not looked at: a soak is long, and others may use the machine.
 */
export async function ownLeftovers(patienceMs = PATIENCE_MS): Promise<readonly string[]> {
  const deadline = performance.now() + patienceMs;
  let found = await lookForOwn();
  while (found.length > 0 && performance.now() < deadline) {
    await sleep(PAUSE_MS);
    found = await lookForOwn();
  }
  return found;
}

async function lookForOwn(): Promise<readonly string[]> {
  const { namespaces, processes, pins } = await snapshotKernel();
  return [
    ...namespaces.filter((name) => isOwn(creatorOf(name))),
    ...processes.filter((title) => isOwn(creatorOf(/\((.*)\)$/.exec(title)?.[1] ?? ''))),
    ...pins.filter((path) => isOwn(creatorOfInstance(relative(PIN_DIRECTORY, path).split('/')[0] ?? ''))),
  ];
}

function isOwn(creator: Creator | undefined): boolean {
  const { pid, startTicks } = currentCreator();
  return creator?.pid === pid && creator.startTicks === startTicks;
}
