// Updates every target of a running balancer, one after another: no client notices. Speaks to the daemon, as commands do.
//   SOCKET=/run/sluice/admin.sock PROXY=web node rolling-update.js
import { setTimeout as sleep } from 'node:timers/promises';
import { AdminClient, defaultAdminSocket } from 'sluice';

const { SOCKET = defaultAdminSocket('default'), PROXY = 'web' } = process.env;
const client = new AdminClient({ socketPath: SOCKET });

const { targets } = await client.targets({ proxy: PROXY });
for (const { target } of targets) {
  await client.setTargetState(PROXY, target, 'drain', 10_000);
  let state = await client.targetState(PROXY, target);
  while (state.drain?.status === 'draining') {
    await sleep(100);
    state = await client.targetState(PROXY, target);
  }
  console.log(`${target} ${state.drain?.status}: update it now`);
  await update(target);
  await client.setTargetState(PROXY, target, 'ready');
}

/** Here a new version would be put in place. */
async function update(target: string): Promise<void> {
  await sleep(50);
  console.log(`${target} updated`);
}
