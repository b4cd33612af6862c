import { rename, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  fetchMany,
  httpUrl,
  type NginxService,
  parseWrk,
  startNginx,
  startTcpEcho,
  startUdpEcho,
} from '../../lab/index.ts';
import { type Change, type Config, changeConfig, configHash, parseConfig } from '../../src/config/index.ts';
import { anyChange } from '../../src/config/testing/changes.ts';
import { SluiceError } from '../../src/errors/index.ts';
import { ECHO_PORT, Held } from '../support/held.ts';
import { type Balancer, configOf, expectShares, proxy, useScene } from '../support/index.ts';
import { tablesByMeaning } from '../support/kernel-tables.ts';
import { Traffic } from '../support/traffic.ts';

/** How many random changes; LIVE_CHANGES=1000 for a long run, LIVE_SEED to repeat one. */
const CHANGES = Number(process.env.LIVE_CHANGES ?? 60);
/** Enough to find as many changes that go through as are refused. */
const DRAWN_PER_CHANGE = 20;
const SEED = Number(process.env.LIVE_SEED ?? Date.now() % 1_000_000);
/** How many reloads under load, and how far apart; LIVE_RELOADS=200 LIVE_PAUSE_MS=300 for a minute's worth. */
const RELOADS = Number(process.env.LIVE_RELOADS ?? 6);
const PAUSE_MS = Number(process.env.LIVE_PAUSE_MS ?? 0);
/** Connections one after another until it is interrupted, then a report of requests, socket errors and wrong answers. */
const WRK = [...'wrk --latency -c 4 -t 1 -d 600s --timeout 20s -H'.split(' '), 'Connection: close'];
const UNHARMED = { errors: {}, switched: 0 };

describe('a configuration that changes while traffic flows', () => {
  const servers = new Map<string, NginxService>();
  const scene = useScene({ clients: 2, targets: 5 }, async ({ lab }) => {
    for (const target of lab.targets) {
      servers.set(target.name, await startNginx(target));
      await Promise.all([startTcpEcho(target), startUdpEcho(target)]);
    }
  });
  const addresses = (count = 5) => scene.lab.targets.slice(0, count).map((target) => target.v4);
  const config = (count = 5, weights?: readonly number[]) =>
    configOf([
      proxy({
        name: 'web',
        port: 80,
        protocol: 'tcp',
        targets: addresses(count),
        ...(weights ? { weights } : {}),
      }),
      proxy({ name: 'echo', port: ECHO_PORT, targets: addresses(count) }),
    ]);
  const shares = async (count = 200) =>
    (await fetchMany(scene.lab.client(), httpUrl(scene.lab.vip4), { count })).byTarget;
  const run = async (balancer: Balancer, ...argv: string[]) => {
    const { code, stdout, stderr } = await balancer.sluice(...argv);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };

  it('sends new connections where commands say, leaves open ones alone, and can be written to a file', async () => {
    const { lab } = scene;
    const [a = '', b = '', c = ''] = addresses();
    const balancer = await scene.lend(config(2));
    await using held = await Held.open(lab.client(), lab.vip4);
    await held.during(async () => {
      expect(await run(balancer, 'add', 'target', 'web', `${c}:80`, '--weight', '50')).toContain(
        `+ proxy web, target ${c}:80: weight 50`,
      );
      expectShares(await shares(), { target1: 0.25, target2: 0.25, target3: 0.5 });
      await run(balancer, 'weight', 'web', `${a}:80=10`, `${b}:80=10`, `${c}:80=80`);
      const { configuration } = balancer.admin;
      const route = { source: lab.client(1).v4, target: { ip: b, port: 80 } };
      await configuration.change({ kind: 'addSourceRoute', proxy: 'web', route });
      await configuration.change({ kind: 'removeTarget', proxy: 'echo', target: `${a}:${ECHO_PORT}` });
      await run(
        balancer,
        'add',
        'proxy',
        'new',
        '-i',
        'front0',
        '-p',
        '8080',
        '--protocol',
        'tcp',
        `${a}:80`,
      );
      expectShares(await shares(), { target1: 0.1, target2: 0.1, target3: 0.8 });
      const routed = await fetchMany(lab.client(1), httpUrl(lab.vip4), { count: 20 });
      expect(routed.byTarget).toEqual({ target2: 20 });
      const added = await fetchMany(lab.client(), httpUrl(lab.vip4, 8080), { count: 20 });
      expect(added.byTarget).toEqual({ target1: 20 });
    });
    expect((await balancer.admin.status()).file?.state).toBe('differs');
    expect((await balancer.sluice('diff')).code).toBe(1);
    await writeFile(balancer.configFile, await run(balancer, 'config', '-o', 'json'));
    expect(await run(balancer, 'diff')).toBe('no differences\n');
    const reloaded = await balancer.sluice('reload', '-o', 'json');
    expect(JSON.parse(reloaded.stdout)).toMatchObject({ differences: [], lost: [] });
  });

  it('of targets that are replaced one after another fails no request', async () => {
    const { lab } = scene;
    const balancer = await scene.lend(config());
    await using traffic = new Traffic(lab.client(), httpUrl(lab.vip4));
    await using load = lab.client(1).spawn([...WRK, httpUrl(lab.vip4)]);
    for (const [index, target] of lab.targets.entries()) {
      const name = `${target.v4}:80`;
      const isRemoved = index % 2 === 0;
      if (isRemoved) await run(balancer, 'remove', 'target', 'web', name, '--drain', '--timeout', '120');
      else await run(balancer, 'drain', 'web', name, '--wait', '--timeout', '120');
      await servers.get(target.name)?.close();
      servers.set(target.name, await startNginx(target));
      if (isRemoved) await run(balancer, 'add', 'target', 'web', name);
      else await run(balancer, 'undrain', 'web', name);
    }
    await traffic.rounds();
    load.kill('SIGINT');
    await load.exited;
    const { requests, errors } = parseWrk(load.stdout);
    expect(errors, load.stdout).toBe(0);
    expect(requests).toBeGreaterThan(500);
    const { byTarget, ...rest } = await traffic.stop();
    expect(rest).toEqual(UNHARMED);
    expect(Object.keys(byTarget)).toHaveLength(5);
    expect((await balancer.admin.status()).file?.state).toBe('differs');
  });

  it('of many reloads fails no request and moves no open connection', async () => {
    const { lab } = scene;
    const balancer = await scene.lend(config());
    const before = (await balancer.admin.status()).generation;
    await using held = await Held.open(lab.client(), lab.vip4);
    await using traffic = new Traffic(lab.client(1), httpUrl(lab.vip4));
    await held.during(async () => {
      for (let count = 0; count < RELOADS; count++) {
        const begin = performance.now();
        await balancer.reload(count % 2 === 0 ? config(3, [20, 30, 50]) : config(5));
        await sleep(Math.max(0, PAUSE_MS - (performance.now() - begin)));
      }
    });
    await traffic.rounds();
    expect(await traffic.stop()).toMatchObject(UNHARMED);
    expect((await balancer.admin.status()).generation).toBe(before + RELOADS);
  });

  it('follows its file with --watch, keeps the last good one, and says what is wrong', async () => {
    const balancer = await scene.start(config(1), { flags: ['--watch'] });
    const moveOver = async (text: string) => {
      await writeFile(`${balancer.configFile}.new`, text);
      await rename(`${balancer.configFile}.new`, balancer.configFile);
    };
    await moveOver(JSON.stringify(config(2)));
    await expect.poll(async () => Object.keys(await shares(20)).length, { timeout: 10_000 }).toBe(2);
    await moveOver('{"proxies": [');
    await expect
      .poll(async () => (await balancer.admin.status()).file, { timeout: 10_000 })
      .toMatchObject({ state: 'invalid', lastFailure: { message: expect.stringContaining('one problem') } });
    expect(Object.keys(await shares(20))).toHaveLength(2);
    await moveOver(JSON.stringify(config(3)));
    await expect.poll(async () => Object.keys(await shares(40)).length, { timeout: 10_000 }).toBe(3);
    expect((await balancer.admin.status()).file).toEqual({ state: 'same', lastFailure: null });
  });

  it(`after ${CHANGES} random calls is in the kernel as in a fresh daemon (LIVE_SEED=${SEED})`, async () => {
    const start = configOf([proxy({ name: 'p0', port: 999, targets: addresses(2) })]);
    const balancer = await scene.start(start);
    const changes = fc.sample(anyChange({ interfaces: ['front0', 'back0'], targets: addresses() }), {
      numRuns: CHANGES * DRAWN_PER_CHANGE,
      seed: SEED,
    });
    let model = parseConfig(JSON.stringify(start), { format: 'json', file: null }).config;
    const done = { applied: 0, refused: 0 };
    for (const change of changes) {
      if (done.applied + done.refused === CHANGES) break;
      const expected = outcomeOf(model, change);
      // Most of what chance draws is refused, which is soon dull.
      if (expected instanceof SluiceError && done.refused > done.applied) continue;
      const actual = await balancer.admin.configuration.change(change).then(
        ({ hash }) => hash,
        (error: unknown) => codeOf(error),
      );
      expect(actual, JSON.stringify(change)).toBe(
        expected instanceof SluiceError ? expected.code : configHash(expected),
      );
      done[expected instanceof SluiceError ? 'refused' : 'applied']++;
      if (!(expected instanceof SluiceError)) model = expected;
    }
    expect(done.applied + done.refused).toBe(CHANGES);
    const changed = await tablesByMeaning(balancer.instance);
    const { config: result } = await balancer.admin.configuration.running();
    await balancer.close();
    await balancer.writeConfig({ ...result });
    await balancer.startDaemon();
    expect(changed).toEqual(await tablesByMeaning(balancer.instance));
    expect(Object.keys(changed.listeners).length).toBeGreaterThan(0);
  });
});

function outcomeOf(config: Config, change: Change): Config | SluiceError {
  try {
    return changeConfig(config, change).config;
  } catch (error) {
    if (error instanceof SluiceError) return error;
    throw error;
  }
}

function codeOf(error: unknown): string {
  if (error instanceof SluiceError) return error.code;
  throw error;
}
