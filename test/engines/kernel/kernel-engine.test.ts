import { readlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertNoLeaks, type KernelSnapshot, snapshotKernel } from '../../../lab/index.ts';
import { interfaceName } from '../../../src/libbpf/index.ts';
import type { Case, Input } from '../model.ts';
import { WORLD } from '../world.ts';
import { KernelEngine } from './index.ts';
import { KernelWorld } from './kernel-world.ts';

const ARP: Input = {
  hook: 'tc_ingress',
  ifindex: WORLD.interfaces[0]?.ifindex ?? 0,
  frame: Buffer.from(`0200000001010200000001020806${'00'.repeat(28)}`, 'hex'),
};
const CASE: Case = {
  name: 'ARP',
  options: { snatPortMin: 1024, snatPortCount: 1, confirmNewFlows: 'never' },
  state: { pools: [], targets: [], listeners: [], sourceRoutes: [], flows: [], pending: [], fragments: [] },
  inputs: [ARP],
};

let before: KernelSnapshot;
beforeAll(async () => {
  before = await snapshotKernel();
});
// The outermost, so that it comes last.
afterAll(() => assertNoLeaks(before));

const networkOfThread = () => readlinkSync('/proc/thread-self/ns/net');

describe('the world in the kernel', () => {
  it('has the interfaces by the numbers that cases name them by', async () => {
    using world = await KernelWorld.create();
    const names = world.within(() => WORLD.interfaces.map(({ ifindex }) => interfaceName(ifindex)));
    expect(names).toEqual(WORLD.interfaces.map(({ name }) => name));
  });

  it('is left again, also when what happens in it fails', async () => {
    using world = await KernelWorld.create();
    const home = networkOfThread();
    expect(world.within(networkOfThread)).not.toBe(home);
    const fail = () => {
      throw new Error('on purpose');
    };
    expect(() => world.within(fail)).toThrow('on purpose');
    expect(networkOfThread()).toBe(home);
  });
});

describe('the kernel engine', () => {
  let engine: KernelEngine;
  beforeAll(async () => {
    engine = await KernelEngine.create();
  });
  afterAll(() => engine.close());

  it('leaves nothing behind when the programs cannot be loaded', async () => {
    await expect(KernelEngine.create('/dev/null')).rejects.toThrow('reading the object file');
  });

  it('runs cases with more sets of options than it keeps loaded', async () => {
    const cases = [1, 2, 3, 4, 5, 1].map((snatPortCount) => ({
      ...CASE,
      options: { ...CASE.options, snatPortCount },
    }));
    const outcomes = await engine.run(cases);
    expect(outcomes.flat().map(({ reasons }) => reasons)).toEqual(cases.map(() => ({ passed_not_ip: 1 })));
  });

  it.each([
    { randoms: [1] },
    { epochsLater: 1 },
    { linear: 20 },
    { partialChecksum: true },
    { vlanStripped: true },
  ])('refuses what BPF_PROG_RUN cannot give a packet: %o', async (more) => {
    await expect(engine.run([{ ...CASE, inputs: [{ ...ARP, ...more }] }])).rejects.toThrow(
      `cannot give a packet '${Object.keys(more)[0]}'`,
    );
  });
});
