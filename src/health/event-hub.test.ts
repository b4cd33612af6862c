import { describe, expect, it } from 'vitest';
import { EventHub } from './event-hub.ts';

async function take<T>(events: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const event of events) {
    taken.push(event);
    if (taken.length === count) break;
  }
  return taken;
}

describe('events', () => {
  it('come to every listener until it leaves', () => {
    const hub = new EventHub<number>(() => {});
    const heard: number[] = [];
    const leave = hub.subscribe((event) => heard.push(event));
    hub.emit(1);
    leave();
    hub.emit(2);
    expect(heard).toEqual([1]);
  });

  it('come to the others also when one listener fails', () => {
    const faults: unknown[] = [];
    const hub = new EventHub<number>((error) => faults.push(error));
    const heard: number[] = [];
    hub.subscribe(() => {
      throw new Error('mine');
    });
    hub.subscribe((event) => heard.push(event));
    hub.emit(1);
    expect(heard).toEqual([1]);
    expect(faults).toEqual([new Error('mine')]);
  });

  it('can be read as they come, from the call on', async () => {
    const hub = new EventHub<number>(() => {});
    const events = hub.events();
    hub.emit(1);
    const taken = take(events, 3);
    hub.emit(2);
    await Promise.resolve();
    hub.emit(3);
    expect(await taken).toEqual([1, 2, 3]);
  });

  it('end for a reader whose signal aborts', async () => {
    const hub = new EventHub<number>(() => {});
    const stop = new AbortController();
    const taken = take(hub.events(stop.signal), 5);
    hub.emit(1);
    setTimeout(() => stop.abort(), 10);
    expect(await taken).toEqual([1]);
  });

  it('do not pile up for a reader that does not read', async () => {
    const hub = new EventHub<number>(() => {});
    const events = hub.events();
    for (let event = 0; event < 1500; event++) hub.emit(event);
    expect((await take(events, 1000))[0]).toBe(500);
  });
});
