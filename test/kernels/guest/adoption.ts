import { setTimeout as sleep } from 'node:timers/promises';
import { Held } from '../../support/held.ts';
import { readPinned } from '../../support/pinned.ts';
import { expectEqual, expectThat } from './expect.ts';
import type { GuestScene } from './scene.ts';

/** How long no daemon runs after the kill. */
const DEAD_MS = 500;

/** kill -9 while connections are in use: none may notice, and the next daemon takes over what it finds. */
export async function checkAdoption({ lab, client, balancer }: GuestScene): Promise<string> {
  const before = readPinned(balancer.instance);
  const { totals } = await balancer.admin.stats();
  await using held = await Held.open(client, lab.vip4, 2);
  await held.check();
  await held.during(async () => {
    await balancer.crash();
    await sleep(DEAD_MS);
    await balancer.startDaemon();
  });
  expectEqual('pinned objects', readPinned(balancer.instance), before);
  expectThat(balancer.process.stdout.includes('adopted what an earlier daemon left'), 'it did not adopt');
  const now = (await balancer.admin.stats()).totals;
  expectThat(now.forward.packets > totals.forward.packets, 'the counters started anew');
  return 'held connections went on';
}
