import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  assertNoLeaks,
  ethernetFrame,
  ipPacket,
  type KernelSnapshot,
  snapshotKernel,
} from '../../../lab/index.ts';
import { tcpSegment } from '../../../lab/packet/index.ts';
import { diffOutcomes, formatDifferences } from '../diff.ts';
import { KernelEngine } from '../kernel/index.ts';
import type { HookName } from '../model/basics.ts';
import type { Case } from '../model.ts';
import { NativeEngine } from '../native.ts';
import { WORLD } from '../world.ts';
import { EMPTY_STATE, OPTIONS } from './sample.fixture.ts';

/** Where a route may lead, or not: what a FIB has special answers for. */
const DESTINATIONS = {
  'a known neighbour': ['10.2.0.2', 'fd00:2::2'],
  'an unknown neighbour': ['10.2.7.7', 'fd00:2::77'],
  'a narrow link': ['10.3.0.2', 'fd00:3::2'],
  'a network behind a gateway': ['192.0.2.99', '2001:db8:c::99'],
  'where the packet came from': ['10.1.0.2', 'fd00:1::2'],
  'behind an interface that does not forward': ['10.4.0.2', 'fd00:4::2'],
  'an unreachable network': ['10.9.1.1', 'fd00:9::1'],
  'no route': ['203.0.113.1', '2001:db8:ffff::1'],
  'the host itself': ['10.2.0.1', 'fd00:2::1'],
  'the first address of a network': ['10.2.0.0', 'fd00:2::'],
  'the first address of a network that does not forward': ['10.4.0.0', 'fd00:4::'],
  'the last address of a network': ['10.2.255.255', 'fd00:2::ffff:ffff:ffff:ffff'],
  loopback: ['127.0.0.1', '::1'],
  'a group': ['224.0.0.1', 'ff02::1'],
  'a link-local address': ['169.254.0.1', 'fe80::2'],
  everyone: ['255.255.255.255', 'ff0e::1'],
  nobody: ['0.0.0.0', '::'],
} as const;

const HOOKS: readonly HookName[] = ['tc_ingress', 'xdp_ingress'];
const CAME_IN = WORLD.interfaces.filter(({ name }) => name === 'front0' || name === 'closed0');
/** TCP payload: what fits everywhere, exactly into the narrow link, into it no more, and into the others. */
const PAYLOADS = [0, 1220, 1221, 1240, 1241, 1440];

describe('route look-ups of the native engine', () => {
  let before: KernelSnapshot;
  let native: NativeEngine;
  let kernel: KernelEngine;
  beforeAll(async () => {
    before = await snapshotKernel();
    native = await NativeEngine.open();
    kernel = await KernelEngine.create();
  });
  afterAll(async () => {
    await native[Symbol.asyncDispose]();
    await kernel[Symbol.asyncDispose]();
    await assertNoLeaks(before);
  });

  it.each(Object.entries(DESTINATIONS))('to %s are answered as this kernel does', async (_, [v4, v6]) => {
    const cases = [v4, v6].flatMap(casesTowards);
    const [told, asked] = [await native.run(cases), await kernel.run(cases)];
    const differences = cases.flatMap(({ name }, index) => {
      const [expected, got] = [asked[index]?.[0], told[index]?.[0]];
      if (!expected || !got) return [`${name}: no outcome`];
      return diffOutcomes(expected, got).map((difference) => `${name}: ${formatDifferences([difference])}`);
    });
    expect(differences).toEqual([]);
  });
});

function casesTowards(target: string): readonly Case[] {
  return HOOKS.flatMap((hook) =>
    CAME_IN.flatMap(({ ifindex, mac, name }) =>
      PAYLOADS.map((payload) => caseTowards(target, hook, { ifindex, mac, name }, payload)),
    ),
  );
}

function caseTowards(
  target: string,
  hook: HookName,
  from: { readonly ifindex: number; readonly mac: string; readonly name: string },
  payload: number,
): Case {
  const isV4 = !target.includes(':');
  const [client, listener] = isV4 ? ['192.0.2.7', '10.1.0.1'] : ['2001:db8:c::7', 'fd00:1::1'];
  const segment = tcpSegment({
    source: client,
    destination: listener,
    sourcePort: 40_000,
    destinationPort: 80,
    flags: 'S',
    payload: Buffer.alloc(payload),
  });
  const packet = ipPacket({ source: client, destination: listener, protocol: 6 }, segment);
  return {
    name: `${hook} of ${from.name}, ${payload} bytes, to ${target}`,
    options: OPTIONS,
    state: {
      ...EMPTY_STATE,
      pools: [[0]],
      targets: [{ address: target, port: 8080, proxy: 0 }],
      listeners: [{ address: listener, port: 80, protocol: 'tcp', proxy: 0, pool: 0 }],
    },
    inputs: [
      {
        hook,
        ifindex: from.ifindex,
        frame: ethernetFrame({ source: '02:00:00:00:01:02', destination: from.mac }, packet),
      },
    ],
  };
}
