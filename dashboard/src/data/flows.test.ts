import { describe, expect, it } from 'vitest';
import type { FlowEnd, StampedEvent } from '../../../src/events/index.ts';
import { flowPath, NO_FLOWS, withFlows } from './flows.ts';

const stamp = { id: 'a-1', at: '2026-01-02T03:04:05.678Z' };
const place = {
  proxy: 'web',
  protocol: 'tcp',
  client: '192.0.2.7:40000',
  listener: '192.0.2.1:80',
  target: '10.0.0.1:80',
  route: 'default',
  sni: null,
} as const;
const opened: StampedEvent = { ...stamp, ...place, type: 'flowOpened' };
const closed = (reason: FlowEnd): StampedEvent => ({
  ...stamp,
  ...place,
  type: 'flowClosed',
  reason,
  openedAt: stamp.at,
  durationMs: 1,
  forward: { packets: 1, bytes: 60 },
  reply: { packets: 1, bytes: 60 },
  complete: true,
});

describe('connections that came and went', () => {
  const events = [
    opened,
    closed('fin'),
    closed('rst'),
    { ...stamp, type: 'eventsDropped', count: 7 } as const,
  ];

  it.each([
    ['', 'flowOpened,flowClosed', 3],
    ['opened', 'flowOpened', 1],
    ['closed', 'flowClosed', 2],
    ['rst', 'flowClosed', 1],
    ['refused', 'flowClosed', 0],
  ] as const)('are asked for and shown as wished: %j', (wish, type, count) => {
    expect(flowPath('', wish)).toBe(`v1/events?type=${encodeURIComponent(type)}`);
    expect(withFlows(NO_FLOWS, events, wish)).toMatchObject({
      kept: { length: count },
      seen: count,
      missed: 7,
    });
  });

  it('are those of one proxy, whatever its name is', () => {
    expect(flowPath('a&b', 'opened')).toBe('v1/events?type=flowOpened&proxy=a%26b');
  });

  it('are counted all, but only the last 200 are kept, each with a key of its own', () => {
    let flows = NO_FLOWS;
    for (let turn = 0; turn < 3; turn += 1) flows = withFlows(flows, Array(150).fill(opened), '');
    expect(flows.seen).toBe(450);
    expect(flows.kept.map(({ key }) => key)).toEqual(Array.from({ length: 200 }, (_, index) => 251 + index));
    expect(withFlows(NO_FLOWS, Array(5_000).fill(opened), '').kept).toHaveLength(200);
  });
});
