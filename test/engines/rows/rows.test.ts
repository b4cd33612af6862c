import { describe, expect, it } from 'vitest';
import { internetChecksum } from '../../../lab/packet/index.ts';
import { readFlow } from '../../../src/datapath/generated/abi.ts';
import type { FlowRow, FragmentRow } from '../model.ts';
import { EMPTY_STATE, turned } from '../native/sample.fixture.ts';
import { addressCodec, decodeFlows, decodeFragments, encodeState } from './index.ts';

const NOW_NS = (5_000n << 30n) + (1n << 29n);

const FORWARD: FlowRow = {
  protocol: 'tcp',
  in: { source: '192.0.2.7', sourcePort: 40_000, destination: '10.1.0.1', destinationPort: 80 },
  out: { source: '10.2.0.1', sourcePort: 1024, destination: '10.2.0.2', destinationPort: 8080 },
  direction: 'forward',
  state: 'established',
  fin: true,
  snat: true,
  local: false,
  proxy: 3,
  target: 7,
  acked: 0xfffffff0,
  isn: 5,
  packets: 12,
  bytes: 3400,
  seenEpochsAgo: 2,
  createdEpochsAgo: 40,
  hop: {
    kind: 'stale',
    ifindex: 11,
    destinationMac: '02:00:00:00:02:02',
    sourceMac: '02:00:00:00:02:01',
    mtu: 1500,
  },
};

const REPLY: FlowRow = {
  ...FORWARD,
  protocol: 'udp',
  state: 'udp',
  direction: 'reply',
  in: { source: 'fd00:2::2', sourcePort: 53, destination: '2001:db8:c::9', destinationPort: 999 },
  out: { source: 'fd00:1::1', sourcePort: 5353, destination: '2001:db8:c::9', destinationPort: 999 },
  fin: false,
  seenEpochsAgo: 0,
  hop: { kind: 'none' },
};

const FRAGMENTS: readonly FragmentRow[] = [
  {
    source: '192.0.2.7',
    destination: '10.1.0.1',
    id: 0xfedc,
    protocol: 'udp',
    sourcePort: 1,
    destinationPort: 2,
    epochsAgo: 30,
  },
  {
    source: '2001:db8:c::9',
    destination: 'fd00:1::1',
    id: 0xfedc1234,
    protocol: 'tcp',
    sourcePort: 65_535,
    destinationPort: 2,
    epochsAgo: 0,
  },
];

describe('rows and their bytes', () => {
  const addresses = addressCodec();

  it('come back from the bytes of the maps as they went in', () => {
    const state = { ...EMPTY_STATE, flows: [FORWARD, REPLY], fragments: FRAGMENTS };
    const entries = encodeState(state, NOW_NS, addresses);
    expect(decodeFlows(entries.flows, NOW_NS, addresses)).toEqual(expect.arrayContaining([FORWARD, REPLY]));
    expect(decodeFragments(entries.fragments, NOW_NS, addresses)).toEqual(
      expect.arrayContaining([...FRAGMENTS]),
    );
  });

  it('are told relative to the epoch in which they are read', () => {
    const { flows } = encodeState({ ...EMPTY_STATE, flows: [FORWARD] }, NOW_NS, addresses);
    const [later] = decodeFlows(flows, NOW_NS + (3n << 30n), addresses);
    expect(later).toMatchObject({ seenEpochsAgo: 5, createdEpochsAgo: 43, hop: { kind: 'stale' } });
  });

  it.each([FORWARD, { ...REPLY, direction: 'forward' as const }])(
    'bring a checksum from before the rewrite to after it',
    (row) => {
      const { flows } = encodeState({ ...EMPTY_STATE, flows: [row] }, NOW_NS, addresses);
      const [entry] = flows;
      if (entry === undefined) throw new Error('one flow, no entry');
      const { addressDelta } = readFlow(entry.value);
      const payload = Buffer.from('any bytes that the sum also covers, even');
      const before = Buffer.concat([entry.key.subarray(0, 32), payload]);
      const after = Buffer.concat([entry.value.subarray(0, 32), payload]);
      expect(swapped(updated(swapped(internetChecksum(before)), addressDelta))).toBe(internetChecksum(after));
    },
  );

  it('give the reply half the difference of its peer, turned round', () => {
    const reply = {
      ...FORWARD,
      direction: 'reply' as const,
      in: turned(FORWARD.out),
      out: turned(FORWARD.in),
    };
    const { flows, pending } = encodeState(
      { ...EMPTY_STATE, flows: [FORWARD], pending: [reply] },
      NOW_NS,
      addresses,
    );
    const [there, back] = [flows, pending].map(([entry]) => readFlow(entry?.value ?? Buffer.alloc(0)));
    expect(back?.addressDelta).toBe(~(there?.addressDelta ?? 0) >>> 0);
    expect(back?.portDelta).toBe(~(there?.portDelta ?? 0) >>> 0);
  });
});

/** RFC 1624, equation 3. */
function updated(field: number, delta: number): number {
  let sum = (~field & 0xffff) + delta;
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function swapped(word: number): number {
  return ((word & 0xff) << 8) | (word >>> 8);
}
