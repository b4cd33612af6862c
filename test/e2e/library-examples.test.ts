import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { fetchMany, httpUrl, run, startNginx, uniqueInstance } from '../../lab/index.ts';
import { useScene, webConfig } from '../support/index.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Inside of the package, so that its own name leads to it. */
const BUILT = join(ROOT, 'build/examples');
const EXAMPLES = join(ROOT, 'examples/library');

describe('the examples of the library', () => {
  const scene = useScene({ clients: 1, targets: 2 }, async ({ lab }) => {
    await Promise.all(lab.targets.map((target) => startNginx(target)));
  });
  beforeAll(async () => {
    const names = (await readdir(EXAMPLES)).sort();
    expect(names).toEqual(['balance.ts', 'live-change.ts', 'rolling-update.ts']);
    const sources = names.map((name) => join(EXAMPLES, name));
    const language = [
      '--module',
      'NodeNext',
      '--target',
      'ES2023',
      '--lib',
      'ES2023,ESNext.Disposable',
      '--types',
      'node',
    ];
    const output = ['--outDir', BUILT, '--rootDir', EXAMPLES, '--skipLibCheck', '--strict', '--ignoreConfig'];
    await run([join(ROOT, 'node_modules/.bin/tsc'), ...language, ...output, ...sources]);
  });

  const start = (name: string, env: Readonly<Record<string, string>>) =>
    scene.lab.balancer.spawn([process.execPath, `${BUILT}/${name}.js`], { env });
  const environment = () => ({
    INTERFACE: 'front0',
    TARGETS: scene.lab.targets.map(({ v4 }) => `${v4}:80`).join(','),
    INSTANCE: uniqueInstance('test'),
  });
  const fetch = (count: number) => fetchMany(scene.lab.client(0), httpUrl(scene.lab.vip4), { count });

  it('balance, tell what happens, and leave nothing at Ctrl-C', async () => {
    const program = start('balance', environment());
    await expect.poll(() => program.stdout || program.stderr, { timeout: 20_000 }).toContain('ready');
    const { byTarget, errors } = await fetch(40);
    expect([Object.keys(byTarget).sort(), errors]).toEqual([['target1', 'target2'], {}]);
    await expect.poll(() => program.stdout, { timeout: 10_000 }).toMatch(/^40 connections, /m);
    program.kill('SIGINT');
    expect(await program.exited).toBe(0);
  });

  it('change what runs, and read what happens', async () => {
    const program = start('live-change', environment());
    expect(await program.exited).toBe(0);
    const [first = '', second = ''] = environment().TARGETS.split(',');
    expect(program.stdout).toContain(`[ 'default', '${first}', 80 ]`);
    expect(program.stdout).toContain(`[ '192.168.0.0/16', '${second}', 100 ]`);
    expect(program.stdout).toMatch(/^config_invalid .*is taken by "web"/m);
    const told = program.stdout.trim().split('\n');
    expect(told.slice(told.indexOf('completed completed'))).toEqual([
      'completed completed',
      'weightsUpdated',
      'weightsUpdated',
      'targetStateChanged',
      'drainStarted',
      'drainEnded',
      'weightsUpdated',
      'targetStateChanged',
    ]);
  });

  it('update targets one after another, without an error', async () => {
    const targets = scene.lab.targets.map(({ v4 }) => v4);
    const balancer = await scene.start(webConfig({ targets }));
    const program = start('rolling-update', { SOCKET: balancer.adminSocket });
    const { errors } = await fetch(100);
    expect(await program.exited).toBe(0);
    expect(errors).toEqual({});
    const lines = targets.flatMap((ip) => [`${ip}:80 completed: update it now`, `${ip}:80 updated`]);
    expect(program.stdout).toBe(`${lines.join('\n')}\n`);
    const { targets: after } = await balancer.admin.targets();
    expect(after.map(({ sharePercent }) => sharePercent)).toEqual([50, 50]);
  });
});
