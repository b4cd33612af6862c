import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Change,
  ConfigHashes,
  configHash,
  type LoadedConfig,
  loadConfigFile,
  parseConfig,
} from '../config/index.ts';
import { SluiceError } from '../errors/index.ts';
import type { BalancerEvent } from '../events/index.ts';
import type { ConfigTransition, NextConfig } from './convergence.ts';
import { LiveConfig } from './live-config.ts';

const text = (weight: number) =>
  JSON.stringify({
    proxies: [
      {
        name: 'web',
        listen: { interfaces: ['eth0'], port: 80 },
        defaultTarget: [
          { ip: '10.0.0.1', port: 80, weight },
          { ip: '10.0.0.2', port: 80, weight: 100 - weight },
        ],
      },
    ],
  });

const events: BalancerEvent[] = [];
const feed = { emit: (event: BalancerEvent) => void events.push(event) };

/** A convergence without a kernel. */
class FakeConvergence {
  applied: LoadedConfig;
  readonly hashes = new ConfigHashes();
  generation = 1;
  refusal: Error | null = null;

  constructor(loaded: LoadedConfig) {
    this.applied = loaded;
  }

  async update(next: NextConfig): Promise<ConfigTransition> {
    const before = this.applied;
    const after = await next(before);
    if (this.refusal) throw this.refusal;
    this.applied = after;
    this.generation++;
    return { before, after };
  }

  async settled() {}

  async preview(next: NextConfig) {
    return { before: this.applied, after: await next(this.applied), steps: [] };
  }
}

let folder: string;
let path: string;
let convergence: FakeConvergence;
let live: LiveConfig;
let log: { lost?: string[]; msg: string }[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-live-'));
  path = join(folder, 'sluice.json');
  await writeFile(path, text(50));
  convergence = new FakeConvergence(await loadConfigFile(path));
  log = [];
  live = liveConfig(() => loadConfigFile(path));
});
afterEach(() => rm(folder, { recursive: true }));

function liveConfig(reread: (() => Promise<LoadedConfig>) | undefined): LiveConfig {
  const logger = pino({}, { write: (line) => void log.push(JSON.parse(line)) });
  return new LiveConfig({ convergence, logger, feed, generation: () => convergence.generation, reread });
}

const add: Change = { kind: 'addTarget', proxy: 'web', target: { ip: '10.0.0.3', port: 80, weight: 10 } };
const targets = () => convergence.applied.config.proxies[0]?.defaultTargets.map(({ weight }) => weight);

describe('a change', () => {
  it('tells what it did, and a dry run does nothing', async () => {
    const dry = await live.change(add, { dryRun: true, plan: true });
    expect(dry).toMatchObject({ dryRun: true, generation: 1, plan: [] });
    expect(targets()).toEqual([50, 50]);
    const done = await live.change(add);
    expect(targets()).toEqual([45, 45, 10]);
    expect(done).toEqual({ ...dry, dryRun: false, generation: 2, plan: null });
    expect(done.differences.map(({ op, subject }) => `${op} ${subject}`)).toEqual([
      'change weight',
      'change weight',
      'add target',
    ]);
    expect(await live.running()).toMatchObject({ generation: 2, hash: done.hash });
  });

  it('goes ahead only over the configuration that it was made for', async () => {
    const { hash } = await live.running();
    await live.change(add, { ifHash: ['other', hash] });
    const late = live.change({ kind: 'setWeights', proxy: 'web', weights: 'equal' }, { ifHash: [hash] });
    await expect(late).rejects.toMatchObject({
      code: 'precondition_failed',
      details: [{ message: (await live.running()).hash }],
    });
    expect(targets()).toEqual([45, 45, 10]);
  });

  it('that cannot be applied leaves all as it was', async () => {
    convergence.refusal = new SluiceError('capacity', 'full');
    await expect(live.change(add)).rejects.toThrow('full');
    expect(targets()).toEqual([50, 50]);
    expect((await live.file())?.state).toBe('same');
  });
});

describe('the file', () => {
  it('is the same until the configuration or the file changes', async () => {
    expect(await live.file()).toEqual({ state: 'same', lastFailure: null });
    await live.change(add);
    expect((await live.file())?.state).toBe('differs');
    await live.change({ kind: 'removeTarget', proxy: 'web', target: '10.0.0.3:80' });
    expect((await live.file())?.state).toBe('same');
    await writeFile(path, text(60));
    expect((await live.file())?.state).toBe('differs');
    await live.reload();
    expect((await live.file())?.state).toBe('same');
  });

  it('that is broken leaves what runs, and is told of', async () => {
    await writeFile(path, '{');
    await expect(live.reload()).rejects.toMatchObject({ code: 'config_invalid' });
    expect(await live.file()).toMatchObject({
      state: 'invalid',
      lastFailure: { message: expect.stringContaining('one problem') },
    });
    expect(events.at(-1)).toEqual({
      type: 'configurationRefused',
      reason: expect.stringContaining('one problem'),
    });
    expect(targets()).toEqual([50, 50]);
    await writeFile(path, text(50));
    expect(await live.reloadIfChanged()).toBeNull();
    expect(await live.file()).toEqual({ state: 'same', lastFailure: null });
  });

  it('takes back what was changed at run time, and says what is lost', async () => {
    await live.change(add);
    await live.change({ kind: 'setWeights', proxy: 'web', weights: { '10.0.0.3:80': 20 } });
    const { lost } = await live.reload();
    expect(lost.map(({ op, name }) => `${op} ${name}`)).toEqual([
      'change 10.0.0.1:80',
      'change 10.0.0.2:80',
      'add 10.0.0.3:80',
    ]);
    expect(targets()).toEqual([50, 50]);
    expect(log.find((line) => line.lost)?.lost?.at(-1)).toBe('+ proxy web, target 10.0.0.3:80: weight 20');
  });

  it('loses nothing that was written to it meanwhile', async () => {
    const weights = { '10.0.0.1:80': 60 };
    await live.change({ kind: 'setWeights', proxy: 'web', weights });
    await writeFile(path, text(60));
    expect(await live.reload()).toMatchObject({ lost: [], differences: [] });
  });

  it('that was only touched takes back nothing', async () => {
    await live.change(add);
    await writeFile(path, `${text(50)}\n`);
    expect(await live.reloadIfChanged()).toBeNull();
    expect(targets()).toEqual([45, 45, 10]);
    await writeFile(path, text(70));
    expect(await live.reloadIfChanged()).toMatchObject({ dryRun: false });
    expect(targets()).toEqual([70, 30]);
  });

  it('can be held against what runs without a change', async () => {
    await writeFile(path, text(60));
    const diff = await live.diff();
    expect(diff).toMatchObject({ file: path, dryRun: true });
    expect(diff.differences).toHaveLength(2);
    expect(targets()).toEqual([50, 50]);
  });

  it('is none where the configuration came from elsewhere', async () => {
    convergence.applied = parseConfig(text(50), { format: 'json', file: null });
    live = liveConfig(undefined);
    expect(await live.file()).toBeNull();
    await expect(live.reload()).rejects.toMatchObject({ code: 'conflict' });
  });
});

it('a whole configuration takes the place of the one in force, and the file stays the same one', async () => {
  const other = parseConfig(text(80), { format: 'json', file: null });
  const { hash } = await live.replace(other);
  expect(hash).toBe(configHash(other.config));
  expect(convergence.applied.file).toBe(path);
  expect((await live.file())?.state).toBe('differs');
});
