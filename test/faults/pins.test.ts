import { existsSync, mkdirSync, renameSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { METADATA_SIZE, readMetadata, writeMetadata } from '../../src/datapath/generated/abi.ts';
import { u32Key } from '../../src/datapath/u32-key.ts';
import { BpfMap, BpfProgram } from '../../src/libbpf/index.ts';
import { type Balancer, SLUICE } from '../support/balancer.ts';
import { Held } from '../support/held.ts';
import { lifecycleConfig, startLifecycleServices } from '../support/lifecycle.ts';
import { pinFolder, readPinned } from '../support/pinned.ts';
import { useScene } from '../support/scene.ts';
import { faultOfExit } from './support/errors.ts';

const CONFLICT = 73;

describe('a daemon that finds pins of its name', () => {
  let balancer: Balancer;
  let held: Held;
  const scene = useScene({ clients: 1, targets: 2 }, async ({ lab }) => {
    await startLifecycleServices(lab);
    balancer = await scene.start(lifecycleConfig({ targets: lab.targets.map((target) => target.v4) }));
    held = await Held.open(lab.client(), lab.vip4, 1);
    await balancer.crash();
  });
  afterAll(() => held[Symbol.asyncDispose]());

  const pin = (...path: string[]) => join(pinFolder(balancer.instance), ...path);
  const detach = () => scene.lab.balancer.exec([SLUICE, 'detach', '--instance', balancer.instance]);

  /** A start that is refused for a reason, while connections go on. */
  async function expectRefused(complaint: RegExp): Promise<void> {
    await expect(balancer.startDaemon()).rejects.toThrow('the daemon ended');
    const { stderr } = balancer.process;
    expect(stderr).toMatch(complaint);
    expect(faultOfExit(await balancer.process.exited, stderr)).toBe(null);
    expect(await balancer.process.exited).toBe(CONFLICT);
    await held.check();
  }

  /** Takes a pin away, puts another object in its place if one is given, and undoes both in the end. */
  async function without(path: string, other: string | null, work: () => Promise<void>): Promise<void> {
    const aside = `${pinFolder(balancer.instance)}-aside`;
    mkdirSync(aside);
    const kept = join(aside, 'kept');
    renameSync(path, kept);
    try {
      if (other !== null) pinAgain(other, path);
      await work();
    } finally {
      if (other !== null) unlinkSync(path);
      renameSync(kept, path);
      rmdirSync(aside);
    }
  }

  it.each<[string, string, string | null, RegExp]>([
    ['without one of its maps', 'maps/pools', null, /pins of instance .* are missing/],
    ['without one of its programs', 'programs/sweep', null, /pins of instance .* are missing/],
    [
      'with a map of another layout among them',
      'maps/pools',
      'maps/targets',
      /maps\/pools cannot serve as map pools: its valueSize is \d+ instead of 8/,
    ],
    [
      'with a map that its programs do not use',
      'maps/flows',
      'maps/pending',
      /maps\/flows is not the one that is in use/,
    ],
    [
      'with a program that is not what its name says',
      'programs/tc_egress',
      'programs/tc_ingress',
      /programs\/tc_egress is not the one that is in use/,
    ],
    [
      'with a program in the place of a map',
      'maps/pools',
      'programs/sweep',
      /maps\/pools is not a pinned map/,
    ],
  ])('%s refuses them, and traffic goes on', async (_which, path, other, complaint) => {
    await without(pin(path), other === null ? null : pin(other), () => expectRefused(complaint));
  });

  it('of a version with other tables refuses them, and traffic goes on', async () => {
    addToAbiVersion(pin('maps', 'metadata'), 1);
    await expectRefused(/its tables have another meaning\nfix: sluice detach/);
    addToAbiVersion(pin('maps', 'metadata'), -1);
  });

  it('adopts its own when the others have other names', async () => {
    pinAgain(pin('programs', 'sweep'), pin('mine'));
    pinAgain(pin('programs', 'sweep'), pin('programs', 'sweep_new'));
    await balancer.startDaemon();
    await held.check();
    expect(balancer.process.stdout).toContain('adopted');
    await balancer.crash();
  });

  it('is followed by a `sluice detach` that removes what is left of them, and nothing else', async () => {
    unlinkSync(pin('maps', 'pools'));
    expect(await detach()).toMatchObject({ code: 0, stderr: '' });
    expect(readPinned(balancer.instance)).toEqual({ programs: {}, maps: {}, links: {} });
    expect(existsSync(pin('mine'))).toBe(true);
    renameSync(pin('mine'), `${pinFolder(balancer.instance)}-mine`);
    rmdirSync(pinFolder(balancer.instance));
  });

  it('starts nothing where somebody has pinned something under the very name of the instance', async () => {
    renameSync(`${pinFolder(balancer.instance)}-mine`, pinFolder(balancer.instance));
    try {
      await expect(balancer.startDaemon()).rejects.toThrow(
        /is no folder: somebody has pinned something else/,
      );
      expect(faultOfExit(await balancer.process.exited, balancer.process.stderr)).toBe(null);
    } finally {
      unlinkSync(pinFolder(balancer.instance));
    }
  });
});

function pinAgain(from: string, to: string): void {
  const Kind = from.includes('/maps/') ? BpfMap : BpfProgram;
  using object = Kind.fromPin(from);
  object.pin(to);
}

function addToAbiVersion(path: string, change: number): void {
  using map = BpfMap.fromPin(path);
  const metadata = readMetadata(map.lookup(u32Key(0)) ?? Buffer.alloc(METADATA_SIZE));
  const value = Buffer.alloc(METADATA_SIZE);
  writeMetadata({ ...metadata, abiVersion: metadata.abiVersion + change }, value);
  map.update(u32Key(0), value);
}
