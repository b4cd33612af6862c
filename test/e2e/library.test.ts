import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import {
  assertNoLeaks,
  fetchMany,
  httpUrl,
  Lab,
  snapshotKernel,
  startNginx,
  uniqueInstance,
} from '../../lab/index.ts';

const LIBRARY = fileURLToPath(new URL('../../dist/src/index.js', import.meta.url));

/** Balances until its standard input ends, then detaches. */
const PROGRAM = `
const { LoadBalancer, simpleConfig } = await import(process.env.LIBRARY);
const config = simpleConfig({ interfaces: ['front0'], port: 80, target: process.env.TARGET });
const loaded = { config, file: null, warnings: [], interfaces: [] };
const balancer = await LoadBalancer.start({ loaded, instance: process.env.INSTANCE });
console.log('ready');
await new Promise((resolve) => process.stdin.once('data', resolve));
console.log(JSON.stringify((await balancer.stats()).totals));
await balancer.detach();
process.exit(0);
`;

it('balances as a library, with the counters of the command, and leaves nothing', async () => {
  const before = await snapshotKernel();
  {
    await using lab = await Lab.create({ targets: 1 });
    await startNginx(lab.target(0));
    const env = { LIBRARY, TARGET: `${lab.target(0).v4}:80`, INSTANCE: uniqueInstance('test') };
    const program = lab.balancer.spawn([process.execPath, '--input-type=module', '-e', PROGRAM], { env });
    await expect.poll(() => program.stdout || program.stderr, { timeout: 15_000 }).toBe('ready\n');
    const result = await fetchMany(lab.client(0), httpUrl(lab.balancer.v4), { count: 20 });
    expect(result.byTarget).toEqual({ target1: 20 });
    program.write('done\n');
    expect(await program.exited).toBe(0);
    expect(JSON.parse(program.stdout.split('\n')[1] ?? '')).toMatchObject({ flows: 20 });
  }
  await assertNoLeaks(before);
});
