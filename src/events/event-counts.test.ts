import { expect, it } from 'vitest';
import { EVENT_TYPES } from './event.ts';
import { EventCounts } from './event-counts.ts';
import { EventFeed } from './event-feed.ts';

it('counts every type of event but those of single flows, and remembers when a configuration was applied last', () => {
  let nowMs = 1_700_000_000_000;
  const feed = new EventFeed({ nowMs: () => nowMs, onFault: () => {} });
  const events = new EventCounts(feed);
  expect(events.counts).toEqual(
    Object.fromEntries(EVENT_TYPES.filter((type) => !type.startsWith('flow')).map((type) => [type, 0])),
  );
  expect(events.appliedAtMs).toBe(0);
  feed.emit({ type: 'configurationApplied', generation: 1, hash: 'a' });
  nowMs += 5_000;
  feed.emit({ type: 'configurationApplied', generation: 2, hash: 'b' });
  nowMs += 5_000;
  feed.emit({ type: 'configurationRefused', reason: 'no' });
  expect(events.counts).toMatchObject({ configurationApplied: 2, configurationRefused: 1, dnsFailed: 0 });
  expect(events.appliedAtMs).toBe(1_700_000_005_000);
});
