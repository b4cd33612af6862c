import type { StampedEvent } from '../../../src/events/index.ts';
import { describe, eventName, subjectOf, toneOf } from '../format/events.ts';
import { clock } from '../format/times.ts';
import { Empty } from './panel.tsx';

/** Events, the youngest first. */
export function EventList({ events }: { readonly events: readonly StampedEvent[] }) {
  if (events.length === 0) return <Empty>Nothing has happened yet.</Empty>;
  return (
    <ol class="events">
      {events.toReversed().map((event) => (
        <li key={event.id} class={toneOf(event)}>
          <time datetime={event.at} title={event.at}>
            {clock(event.at)}
          </time>
          <b>{eventName(event.type)}</b>
          <span>
            <span class="subject">{subjectOf(event)}</span> {describe(event)}
          </span>
        </li>
      ))}
    </ol>
  );
}
