import { useStore } from '../../data/store.ts';
import { EventList } from '../../parts/event-list.tsx';
import { Panel } from '../../parts/panel.tsx';

const SHOWN = 6;

/** What happened last? */
export function NewsPanel() {
  const { events } = useStore();
  return (
    <Panel title="Lately" aside={<a href="#/events">All events</a>}>
      <EventList events={events.value.slice(-SHOWN)} />
    </Panel>
  );
}
