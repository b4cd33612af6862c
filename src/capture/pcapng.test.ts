import { describe, expect, it } from 'vitest';
import type { CapturedPacket } from './model.ts';
import { PcapngWriter } from './pcapng.ts';

const packet: CapturedPacket = {
  type: 'packet',
  timeUs: 1_767_323_045_000_123,
  hook: 'xdp_ingress',
  interface: { index: 2, name: 'eth0' },
  outcome: 'forwarded',
  reason: 'new_flow',
  verdict: 4,
  proxy: 'web',
  target: '10.0.0.1:80',
  before: { length: 60, bytes: Buffer.from('before').toString('base64') },
  after: { length: 60, bytes: Buffer.from('after!!').toString('base64') },
};

/** Types of the blocks, one after another; both lengths of each are checked. */
function typesOf(file: Buffer): number[] {
  const types: number[] = [];
  for (let at = 0; at < file.length; ) {
    const length = file.readUInt32LE(at + 4);
    expect([length % 4, file.readUInt32LE(at + length - 4)]).toEqual([0, length]);
    types.push(file.readUInt32LE(at));
    at += length;
  }
  return types;
}

const SECTION = 0x0a0d0d0a;
const [INTERFACE, PACKET] = [1, 6];

describe('a pcapng file', () => {
  it('describes each interface once, before its first packet, and holds each packet before and after', () => {
    const writer = new PcapngWriter();
    const file = Buffer.concat([writer.begin(), writer.packet(packet), writer.packet(packet)]);
    expect(typesOf(file)).toEqual([SECTION, INTERFACE, PACKET, INTERFACE, PACKET, PACKET, PACKET]);
    const text = file.toString('latin1');
    for (const word of [
      'eth0 xdp_ingress in',
      'eth0 xdp_ingress out',
      'after: forwarded new_flow, proxy web, target 10.0.0.1:80',
    ])
      expect(text).toContain(word);
  });

  it('holds a dropped packet as it came, with what the program returned', () => {
    const writer = new PcapngWriter();
    const dropped = {
      ...packet,
      outcome: 'dropped',
      reason: 'no_target',
      target: null,
      verdict: 1,
      after: null,
    } as const;
    const blocks = writer.packet(dropped);
    expect(typesOf(blocks)).toEqual([INTERFACE, PACKET]);
    expect(blocks.toString('latin1')).toContain('before: dropped no_target, proxy web');
    // epb_verdict: 9 bytes, of XDP, XDP_DROP
    expect(blocks.includes(Buffer.from('07000900020100000000000000', 'hex'))).toBe(true);
  });

  it('tells the time in microseconds, and how long the frame was', () => {
    const writer = new PcapngWriter();
    writer.packet(packet);
    const block = writer.packet(packet);
    const time = (BigInt(block.readUInt32LE(12)) << 32n) | BigInt(block.readUInt32LE(16));
    expect([time, block.readUInt32LE(20), block.readUInt32LE(24)]).toEqual([BigInt(packet.timeUs), 6, 60]);
    expect(block.subarray(28, 34).toString()).toBe('before');
  });
});
