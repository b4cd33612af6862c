import { describe, expect, it } from 'vitest';
import type { HealthEvent } from './event.ts';
import { EventChannel } from './event-channel.ts';
import { EventFeed } from './event-feed.ts';

const healthy = (proxy: string): HealthEvent => ({ type: 'targetHealthy', proxy, target: 'a', reason: 'r' });

function setUp() {
  const feed = new EventFeed({ nowMs: () => 0, onFault: () => {} });
  return { feed, channel: new EventChannel(feed, ['targetHealthy', 'weightsUpdated']) };
}

async function read<Event>(events: AsyncIterable<Event>, count: number): Promise<Event[]> {
  const got: Event[] = [];
  for await (const event of events) {
    got.push(event);
    if (got.length === count) break;
  }
  return got;
}

describe('a channel of a feed', () => {
  it('tells its listeners of its own types, whoever has emitted them, until they leave', () => {
    const { feed, channel } = setUp();
    const heard: string[] = [];
    const leave = channel.subscribe(({ proxy }) => heard.push(proxy));
    feed.emit(healthy('by feed'));
    channel.emit({ type: 'targetHealthy', proxy: 'by channel', target: 'a', reason: 'r' });
    feed.emit({ type: 'targetUnhealthy', proxy: 'other', target: 'a', reason: 'r' });
    leave();
    feed.emit(healthy('late'));
    expect(heard).toEqual(['by feed', 'by channel']);
    expect(feed.recent().map(({ type }) => type)).toHaveLength(4);
  });

  it('can be read from the call on, without the others and without notices', async () => {
    const { feed, channel } = setUp();
    feed.emit(healthy('before'));
    const reading = channel.events();
    for (let index = 0; index < 1_500; index += 1) feed.emit(healthy(`${index}`));
    feed.emit({ type: 'configurationRefused', reason: 'r' });
    const got = await read(reading, 1_000);
    expect(got.map(({ proxy }) => proxy)).toEqual(
      Array.from({ length: 1_000 }, (_, index) => `${index + 500}`),
    );
  });

  it('ends for a reader whose signal aborts', async () => {
    const { feed, channel } = setUp();
    const stop = new AbortController();
    const reading = read(channel.events(stop.signal), 5);
    feed.emit(healthy('web'));
    stop.abort();
    expect((await reading).map(({ proxy }) => proxy)).toEqual(['web']);
  });
});
