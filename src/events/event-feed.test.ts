import { describe, expect, it } from 'vitest';
import type { BalancerEvent, StampedEvent } from './event.ts';
import { EventFeed } from './event-feed.ts';

const healthy = (proxy: string): BalancerEvent => ({
  type: 'targetHealthy',
  proxy,
  target: 'a',
  reason: 'r',
});
const dns: BalancerEvent = {
  type: 'dnsFailed',
  hostname: 'h',
  proxies: ['web'],
  error: 'e',
  consecutiveFailures: 1,
};

function feed() {
  const faults: unknown[] = [];
  return { feed: new EventFeed({ nowMs: () => 36 ** 3, onFault: (error) => faults.push(error) }), faults };
}

async function read(events: AsyncIterable<StampedEvent>, count: number): Promise<StampedEvent[]> {
  const got: StampedEvent[] = [];
  for await (const event of events) {
    got.push(event);
    if (got.length === count) break;
  }
  return got;
}

const numberOf = ({ id }: StampedEvent) => Number(id.split('-')[1]);

describe('the feed of events', () => {
  it('stamps events, and tells listeners of their type until they leave', () => {
    const { feed: events } = feed();
    const heard: unknown[] = [];
    const leave = events.on('targetHealthy', (event) => heard.push([event.id, event.at, event.proxy]));
    events.emit(healthy('web'));
    events.emit(dns);
    leave();
    events.emit(healthy('web'));
    expect(heard).toEqual([['1000-1', '1970-01-01T00:00:46.656Z', 'web']]);
  });

  it('goes on when a listener fails, and tells of it', () => {
    const { feed: events, faults } = feed();
    const heard: string[] = [];
    events.subscribe(() => {
      throw new Error('broken');
    });
    events.subscribe(({ type }) => heard.push(type));
    events.emit(dns);
    expect([heard, faults.length]).toEqual([['dnsFailed'], 1]);
  });

  it('gives readers every event from their call on, in order', async () => {
    const { feed: events } = feed();
    events.emit(healthy('before'));
    const reading = events.events();
    for (const proxy of ['a', 'b', 'c']) events.emit(healthy(proxy));
    expect(await read(reading, 3)).toMatchObject([{ proxy: 'a' }, { proxy: 'b' }, { proxy: 'c' }]);
  });

  it('gives a reader that waits an event when it comes', async () => {
    const { feed: events } = feed();
    const reading = read(events.events(), 1);
    events.emit(dns);
    expect(await reading).toMatchObject([{ type: 'dnsFailed' }]);
  });

  it('is filtered by type and by proxy', async () => {
    const { feed: events } = feed();
    const ofWeb = events.events({ proxy: 'web' });
    const names = events.events({ types: ['dnsFailed', 'dnsResolved'] });
    events.emit(healthy('other'));
    events.emit({ type: 'configurationRefused', reason: 'r' });
    events.emit(dns);
    events.emit(healthy('web'));
    expect((await read(ofWeb, 2)).map(({ type }) => type)).toEqual(['dnsFailed', 'targetHealthy']);
    expect(await read(names, 1)).toMatchObject([{ type: 'dnsFailed' }]);
    expect(events.recent({ proxy: 'web' }).map(({ type }) => type)).toEqual(['dnsFailed', 'targetHealthy']);
  });

  it('drops the oldest for a reader that is 1,000 behind, and tells how many', async () => {
    const { feed: events } = feed();
    const reading = events.events();
    for (let index = 0; index < 1_250; index += 1) events.emit(healthy(`${index}`));
    events.close();
    const got = await read(reading, 5_000);
    expect(got).toHaveLength(1_001);
    expect(got[0]).toMatchObject({ type: 'eventsDropped', count: 250, id: '1000-250' });
    expect(got.slice(1).map(numberOf)).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 251));
  });

  it('lets a reader go on where it was', async () => {
    const { feed: events } = feed();
    for (const proxy of ['a', 'b', 'c']) events.emit(healthy(proxy));
    const ids = async (after: string) => {
      const stop = new AbortController();
      const reading = events.events({ after, signal: stop.signal });
      stop.abort();
      return (await read(reading, 100)).map(numberOf);
    };
    expect(await ids('1000-1')).toEqual([2, 3]);
    expect(await ids('1000-3')).toEqual([]);
    expect(await ids('1000-99')).toEqual([]);
    // Another life of the daemon, or nothing that it ever said.
    expect(await ids('zzz-2')).toEqual([1, 2, 3]);
    expect(await ids('nonsense')).toEqual([1, 2, 3]);
  });

  it('tells a reader that comes back how many are not kept any more', async () => {
    const { feed: events } = feed();
    for (let index = 0; index < 1_100; index += 1) events.emit(healthy('web'));
    const reading = events.events({ after: '1000-40' });
    events.close();
    const got = await read(reading, 5_000);
    expect(got[0]).toMatchObject({ type: 'eventsDropped', count: 60 });
    expect(got.slice(1).map(numberOf)).toEqual(Array.from({ length: 1_000 }, (_, index) => index + 101));
  });

  it('ends readings at close, at an abort, and when the reader leaves', async () => {
    const { feed: events } = feed();
    const stop = new AbortController();
    const ended = [read(events.events(), 9), read(events.events({ signal: stop.signal }), 9)];
    stop.abort();
    events.close();
    expect(await Promise.all(ended)).toEqual([[], []]);
    expect(await read(events.events({ signal: AbortSignal.abort() }), 9)).toEqual([]);
  });
});

describe('events of single flows', () => {
  const FLOW = {
    type: 'flowOpened',
    proxy: 'web',
    protocol: 'tcp',
    client: '192.0.2.7:40000',
    listener: '10.1.0.1:80',
    target: '10.2.0.2:8080',
    route: 'default',
    sni: null,
  } as const;
  const read = async (events: AsyncIterable<StampedEvent>) => {
    const types: string[] = [];
    for await (const { type } of events) types.push(type);
    return types;
  };
  const feedOf = () => new EventFeed({ nowMs: () => 0, onFault: () => {} });

  it('are told to who asks for them by type, with their own time, and to nobody else', async () => {
    const feed = feedOf();
    const seen: string[] = [];
    feed.subscribe(({ type }) => seen.push(type));
    feed.on('flowOpened', ({ at }) => seen.push(at));
    const all = feed.events();
    const flows = feed.events({ types: ['flowOpened'] });
    feed.emitFlow(FLOW, 1000);
    feed.emit({ type: 'configurationRefused', reason: 'no' });
    feed.close();
    expect(await read(all)).toEqual(['configurationRefused']);
    expect(await read(flows)).toEqual(['flowOpened']);
    expect(seen).toEqual(['1970-01-01T00:00:01.000Z', 'configurationRefused']);
  });

  it('are not kept, and who comes back misses nothing else because of them', async () => {
    const feed = feedOf();
    feed.emit({ type: 'configurationRefused', reason: '1' });
    const { id } = feed.recent()[0] ?? { id: '' };
    for (let count = 0; count < 2000; count++) feed.emitFlow(FLOW, 0);
    feed.emit({ type: 'configurationRefused', reason: '2' });
    const again = feed.events({ after: id });
    feed.close();
    expect(await read(again)).toEqual(['configurationRefused']);
    expect(feed.recent()).toHaveLength(2);
  });

  it('are wanted while somebody asks for them', async () => {
    const feed = feedOf();
    expect(feed.wantsFlows).toBe(false);
    const off = feed.on('flowClosed', () => {});
    expect(feed.wantsFlows).toBe(true);
    off();
    expect(feed.wantsFlows).toBe(false);
    await using _other = feed.events({ types: ['dnsFailed'] });
    {
      await using _reader = feed.events({ types: ['flowClosed', 'dnsFailed'] });
      expect(feed.wantsFlows).toBe(true);
    }
    expect(feed.wantsFlows).toBe(false);
  });
});
