import { setTimeout as sleep } from 'node:timers/promises';
import type { Balancer } from '../../support/balancer.ts';
import { Held } from '../../support/held.ts';
import { readPinned } from '../../support/pinned.ts';
import { expectEqual, expectThat } from './expect.ts';
import type { GuestScene } from './scene.ts';

/** How long no daemon runs after the kill. */
const DEAD_MS = 500;

/** Between two looks at the connections: emulated CPUs have little time for anything else. */
const PAUSE_MS = 500;

/** kill -9 while connections are in use: none may notice, and the next daemon takes over what it finds. */
export async function checkAdoption({ lab, client, balancer }: GuestScene): Promise<string> {
  const before = readPinned(balancer.instance);
  const { totals } = await balancer.admin.stats();
  await using held = await Held.open(client, lab.vip4, 2);
  await held.check();
  let replaced = false;
  const replacing = replaceDaemon(balancer).finally(() => {
    replaced = true;
  });
  await Promise.all([replacing, checkUntil(held, () => replaced)]);
  expectEqual('pinned objects', readPinned(balancer.instance), before);
  expectThat(balancer.process.stdout.includes('adopted what an earlier daemon left'), 'it did not adopt');
  const now = (await balancer.admin.stats()).totals;
  expectThat(now.forward.packets > totals.forward.packets, 'the counters started anew');
  return 'held connections went on';
}

async function replaceDaemon(balancer: Balancer): Promise<void> {
  await balancer.crash();
  await sleep(DEAD_MS);
  await balancer.startDaemon();
}

/** Looks once more when the condition has come true. */
async function checkUntil(held: Held, condition: () => boolean): Promise<void> {
  while (!condition()) {
    await held.check();
    await sleep(PAUSE_MS);
  }
  await held.check();
}
