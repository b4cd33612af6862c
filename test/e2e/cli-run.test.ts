import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fetchMany, httpUrl, type OwnedProcess, startNginx, uniqueInstance } from '../../lab/index.ts';
import { SLUICE } from '../support/balancer.ts';
import { configOf, proxy } from '../support/proxies.ts';
import { useScene } from '../support/scene.ts';

/** Time for a daemon to end at Ctrl-C. */
const STOP_MS = 10_000;

describe('the command line', () => {
  const scene = useScene({ clients: 1, targets: 1 }, ({ lab }) => startNginx(lab.target(0)));
  const daemons: OwnedProcess[] = [];

  afterEach(async () => {
    for (const daemon of daemons.splice(0)) {
      const late = setTimeout(() => daemon.kill('SIGKILL'), STOP_MS);
      daemon.kill('SIGINT');
      await daemon.exited;
      clearTimeout(late);
    }
  });

  /** Starts `sluice ARGS` with an instance of its own, in a directory of its own, and waits for `sign`. */
  async function start(args: readonly string[], sign: RegExp, directory = scene.lab.directory) {
    const { lab } = scene;
    const instance = uniqueInstance('test');
    const own = ['--instance', instance, '--admin-socket', join(lab.directory, `${instance}.sock`)];
    const command = ['sh', '-c', 'cd "$1" && shift && exec "$@"', 'sh', directory, SLUICE, ...args, ...own];
    const daemon = lab.balancer.spawn(command, { env: { NO_COLOR: '' } });
    daemons.push(daemon);
    await expect.poll(() => daemon.output, { timeout: 15_000 }).toMatch(sign);
    return { instance, daemon };
  }

  async function answers(port: number): Promise<void> {
    const { lab } = scene;
    const { byTarget } = await fetchMany(lab.client(), httpUrl(lab.vip4, port), { count: 10 });
    expect(byTarget).toEqual({ target1: 10 });
  }

  it('balances a port without a file and without naming the command', async () => {
    const target = `${scene.lab.target(0).v4}:80`;
    const { daemon, instance } = await start(['-i', 'front0', '-p', '8081', '-t', target], /"msg":"ready"/);
    await answers(8081);
    const ready = daemon.stdout.split('\n').filter((line) => line.includes('"msg":"ready"'));
    expect(ready).toHaveLength(1);
    expect(JSON.parse(ready[0] ?? '')).toMatchObject({
      level: 'info',
      instance,
      config: 'command line',
      listeners: [`${scene.lab.vip4}:8081/tcp`, `${scene.lab.vip4}:8081/udp`],
      interfaces: { front0: 'tc', back0: 'tc' },
    });
  });

  it('finds the configuration file of the directory it is in, and writes for people when asked to', async () => {
    const directory = join(scene.lab.directory, 'here');
    mkdirSync(directory);
    const config = configOf([
      proxy({ name: 'web', port: 8082, targetPort: 80, targets: [scene.lab.target(0).v4] }),
    ]);
    writeFileSync(join(directory, 'sluice.json'), JSON.stringify(config));
    const { daemon } = await start(['run', '--log-format', 'pretty'], /INFO: ready \{/, directory);
    expect(daemon.stdout).toContain(`"config":"${directory}/sluice.json"`);
    await answers(8082);
  });

  it('runs an EDN file of the original', async () => {
    const file = join(scene.lab.directory, 'original.edn');
    const target = `{:ip "${scene.lab.target(0).v4}" :port 80}`;
    writeFileSync(
      file,
      `{:proxies [{:name "web" :listen {:interfaces ["front0"] :port 8083} :default-target ${target}}]
        :settings {:stats-enabled true :connection-timeout-sec 60 :max-connections 5000}}`,
    );
    await start(['-c', file], /"msg":"ready"/);
    await answers(8083);
  });
});
