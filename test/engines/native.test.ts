import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checksumFaults, decodeFrame } from '../../lab/packet/index.ts';
import type { Outcome } from './model.ts';
import {
  CLIENT,
  CLIENT_V6,
  datagram,
  LISTENER_V6,
  SAMPLE_STATE_V6,
  sampleCase,
  syn,
  TARGET,
} from './native/sample.fixture.ts';
import { NativeEngine } from './native.ts';

describe('the native engine', () => {
  let engine: NativeEngine;
  beforeAll(async () => {
    engine = await NativeEngine.open();
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
  });

  async function one(...inputs: Parameters<typeof sampleCase>[1]): Promise<readonly Outcome[]> {
    const [outcomes] = await engine.run([sampleCase('one', inputs)]);
    return outcomes ?? [];
  }

  it('tells what became of a packet: the frame, where it goes, what was counted, what the tables hold', async () => {
    const [outcome] = await one(syn(40_000));
    const { frame = new Uint8Array(), ...rest } = outcome ?? {};
    expect(checksumFaults([decodeFrame(Buffer.from(frame))])).toEqual([]);
    expect(decodeFrame(Buffer.from(frame))).toMatchObject({
      ip: { source: CLIENT, destination: TARGET, hopLimit: 63 },
    });
    expect(rest).toMatchObject({
      verdict: 'redirect',
      redirect: { ifindex: 11, resolve: true },
      reasons: { forwarded_new_flow: 1 },
      targets: {
        0: { forwardPackets: 1, forwardBytes: 40, replyPackets: 0, replyBytes: 0, flows: 1 },
      },
      flows: [],
      fragments: [],
    });
    expect(outcome?.pending).toMatchObject([
      { direction: 'reply', packets: 0 },
      { direction: 'forward', packets: 1, isn: 1000, hop: { kind: 'fresh', ifindex: 11, mtu: 1500 } },
    ]);
  });

  it('keeps the tables from packet to packet of a case, and counts each packet alone', async () => {
    const outcomes = await one(syn(1), syn(1), syn(2));
    expect(outcomes.map(({ reasons }) => reasons)).toEqual([
      { forwarded_new_flow: 1 },
      { forwarded_established: 1 },
      { forwarded_new_flow: 1 },
    ]);
    expect(outcomes.map(({ pending }) => pending.length)).toEqual([2, 2, 4]);
  });

  it('begins every case from its own state', async () => {
    const same = sampleCase('same', [syn(1), datagram(Buffer.from('x')), syn(2, { hook: 'xdp_ingress' })]);
    const [first, ...others] = await engine.run([same, same, same]);
    expect(others).toEqual([first, first]);
  });

  it('moves the clock by whole epochs when it is told to, and never else', async () => {
    const outcomes = await one(datagram(Buffer.from('x')), datagram(Buffer.from('x'), { epochsLater: 2 }));
    expect(outcomes[0]?.pending).toMatchObject([{ seenEpochsAgo: 0 }, { seenEpochsAgo: 0 }]);
    expect(outcomes[1]?.flows).toMatchObject([
      { direction: 'reply', seenEpochsAgo: 2, createdEpochsAgo: 2 },
      { direction: 'forward', seenEpochsAgo: 0, createdEpochsAgo: 2 },
    ]);
  });

  it.each([0, 1, 13, 14, 33, 40, 255, 256, 257, 641])(
    'gives the same outcome with %i bytes in the linear part',
    async (linear) => {
      const payload = Buffer.from(Array.from({ length: 600 }, (_, index) => index % 251));
      expect(await one(datagram(payload, { linear }))).toEqual(await one(datagram(payload)));
    },
  );

  it('tells whether a sum that the hardware has made stays right, at TC where there is one', async () => {
    const addresses = { source: CLIENT_V6, destination: LISTENER_V6 };
    const over6 = sampleCase('IPv6', [syn(1, {}, addresses)], SAMPLE_STATE_V6);
    const over4 = sampleCase('IPv4', [
      syn(1),
      datagram(Buffer.from('odd')),
      syn(2, { partialChecksum: true }),
      syn(3, { hook: 'xdp_ingress' }),
    ]);
    const told = (await engine.run([over6, over4])).map((outcomes) =>
      outcomes.map(({ hardwareChecksum }) => hardwareChecksum),
    );
    expect(told).toEqual([['kept'], ['kept', 'kept', undefined, undefined]]);
  });

  it('counts segments of a packet that will be cut', async () => {
    const gso = { size: 100, segments: 3 };
    const [outcome] = await one(datagram(Buffer.alloc(300), { gso }));
    expect(outcome?.targets[0]).toMatchObject({ forwardPackets: 3, forwardBytes: 300 + 3 * 28 });
  });

  it('leaves a stripped VLAN tag to the kernel', async () => {
    const [outcome] = await one(syn(1, { vlanStripped: true }));
    expect(outcome).toMatchObject({ verdict: 'pass', reasons: { passed_vlan: 1 } });
  });

  it('takes a frame cut at every length, down to nothing', async () => {
    for (const hook of ['xdp_ingress', 'tc_ingress', 'tc_egress'] as const) {
      const { frame, ...rest } = syn(1, { hook });
      const cuts = Array.from({ length: frame.length }, (_, length) => frame.subarray(0, length));
      const outcomes = await one(...cuts.map((cut) => ({ ...rest, frame: cut })));
      expect(outcomes.map(({ verdict }) => verdict)).toEqual(cuts.map(() => 'pass'));
      expect(outcomes.map(({ frame: after }) => Buffer.from(after))).toEqual(cuts);
    }
  });

  it('runs no case, a case without packets, and hundreds with the largest packets', async () => {
    expect(await engine.run([])).toEqual([]);
    expect(await engine.run([sampleCase('empty', [])])).toEqual([[]]);
    const large = datagram(Buffer.alloc(65_000), { gso: { size: 1400, segments: 47 } });
    const many = Array.from({ length: 600 }, (_, index) => sampleCase(`${index}`, [large]));
    const outcomes = await engine.run(many);
    expect(outcomes).toHaveLength(600);
    expect(new Set(outcomes.map(([outcome]) => outcome?.frame.length))).toEqual(new Set([65_042]));
  });

  it('says what it cannot do', async () => {
    await using other = await NativeEngine.open();
    const nowhere = sampleCase('nowhere', [syn(1, { ifindex: 99 })]);
    await expect(other.run([nowhere])).rejects.toThrow(/case 'nowhere': .*\n.*there is no interface 99/);
  });
});
