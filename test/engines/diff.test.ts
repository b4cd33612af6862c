import { describe, expect, it } from 'vitest';
import { ethernetFrame, icmpMessage, ipPacket, PROTOCOL, tcpSegment } from '../../lab/packet/index.ts';
import { diffFrames, diffOutcomes, formatDifferences } from './diff.ts';
import { fieldsOf } from './frame/index.ts';
import { NOTHING_LOST } from './model/told.ts';
import { type FlowRow, NOTHING_COUNTED, type Outcome } from './model.ts';

const MACS = { source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02' };
const PATH = { source: '192.0.2.7', destination: '10.1.0.1', sourcePort: 40_000, destinationPort: 80 };
const SEGMENT = ipPacket(
  { ...PATH, protocol: PROTOCOL.tcp, options: Buffer.from([1, 1, 1, 0]) },
  tcpSegment({ ...PATH, flags: 'SA', options: Buffer.from([1, 1, 1, 0]), payload: Buffer.from('data') }),
);
const ERROR = ipPacket({ ...PATH, protocol: PROTOCOL.icmp }, icmpMessage(PATH, 3, 4, 1400, SEGMENT));
const WIDE = { source: '2001:db8::1', destination: 'fd00:1::1', sourcePort: 1, destinationPort: 2 };
const FRAGMENT = ipPacket(
  {
    ...WIDE,
    protocol: PROTOCOL.udp,
    firstHeader: PROTOCOL.fragment,
    options: Buffer.from('1100006100000007', 'hex'),
  },
  Buffer.from('payload'),
);

const ROW: FlowRow = {
  protocol: 'tcp',
  in: PATH,
  out: { ...PATH, destination: '10.2.0.2' },
  direction: 'forward',
  state: 'established',
  fin: false,
  snat: false,
  local: false,
  proxy: 0,
  target: 0,
  acked: 1,
  isn: 2,
  packets: 3,
  bytes: 4,
  seenEpochsAgo: 0,
  createdEpochsAgo: 0,
  hop: { kind: 'none' },
};
const OUTCOME: Outcome = {
  verdict: 'pass',
  frame: ethernetFrame(MACS, SEGMENT),
  reasons: { forwarded_reply: 1 },
  targets: { 0: { ...NOTHING_COUNTED, forwardPackets: 1, forwardBytes: 40 } },
  failures: 0,
  flows: [ROW],
  pending: [],
  fragments: [],
  held: [],
  sourceBuckets: [],
  targetBuckets: {},
  refused: {},
  events: [],
  losses: NOTHING_LOST,
};

describe.each([
  ['a TCP segment', SEGMENT],
  ['an ICMP error', ERROR],
  ['a fragment of IPv6', FRAGMENT],
  ['a packet cut short', SEGMENT.subarray(0, 29)],
  ['nonsense', Buffer.from('ffffffffffffffffffffffffffff', 'hex')],
])('the fields of %s', (_, packet) => {
  const frame = Buffer.concat([ethernetFrame(MACS, SEGMENT).subarray(0, 14), packet, Buffer.alloc(3)]);

  it('cover every bit of the frame once', () => {
    const covered = fieldsOf(frame).reduce(
      (end, { bit, bits }) => (bit === end ? end + bits : Number.NaN),
      0,
    );
    expect(covered).toBe(frame.length * 8);
  });

  it('tell every change of a byte', () => {
    for (let at = 0; at < frame.length; at++) {
      const other = Buffer.from(frame);
      other.writeUInt8(frame.readUInt8(at) ^ 0xff, at);
      expect(diffFrames(frame, other), `byte ${at}`).not.toEqual([]);
    }
  });
});

describe('the differences of outcomes', () => {
  const diff = (change: Partial<Outcome>) =>
    formatDifferences(diffOutcomes(OUTCOME, { ...OUTCOME, ...change }));

  it('are none when there are none', () => {
    expect(diff({})).toBe('');
  });

  it('name the field, what was expected and what came', () => {
    const frame = Buffer.from(OUTCOME.frame);
    frame.writeUInt8(63, 22);
    frame.writeUInt16BE(8080, 40);
    expect(diff({ frame })).toBe('ip.ttl: expected 64, got 63\ntcp.destinationPort: expected 80, got 8080');
    expect(diff({ verdict: 'drop' })).toBe('verdict: expected pass, got drop');
    expect(diff({ reasons: {} })).toBe('reasons.forwarded_reply: expected 1, got none');
    expect(diff({ targets: {} })).toBe(
      'targets[0].forwardPackets: expected 1, got none\ntargets[0].forwardBytes: expected 40, got none',
    );
  });

  it('name the row of a table by its key', () => {
    expect(diff({ flows: [{ ...ROW, state: 'closing' }] })).toBe(
      'flows[tcp 192.0.2.7:40000 > 10.1.0.1:80].state: expected established, got closing',
    );
    expect(diff({ flows: [] })).toContain('flows[tcp 192.0.2.7:40000 > 10.1.0.1:80].out: expected 192.0.2.7');
  });
});
