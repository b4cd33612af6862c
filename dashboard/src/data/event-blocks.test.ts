import { expect, it } from 'vitest';
import { takeEvents } from './event-blocks.ts';

const event = {
  id: 'a-1',
  at: '2026-01-02T03:04:05.678Z',
  type: 'configurationRefused',
  reason: 'bad\n\nfile',
};
const BLOCK = `id: a-1\nevent: configurationRefused\ndata: ${JSON.stringify(event)}\n\n`;

it('events are read out of a stream that is cut anywhere, and comments are none', () => {
  const stream = `retry: 1000\n\n: still here\n\n${BLOCK}${BLOCK}`;
  for (let cut = 0; cut <= stream.length; cut++) {
    const first = takeEvents(stream.slice(0, cut));
    const second = takeEvents(first.rest + stream.slice(cut));
    expect([...first.events, ...second.events]).toEqual([event, event]);
    expect(second.rest).toBe('');
  }
});
