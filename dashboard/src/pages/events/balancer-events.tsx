import { useSignal } from '@preact/signals';
import { formatRoute } from '../../data/route.ts';
import { useStore } from '../../data/store.ts';
import { eventName, toneOf } from '../../format/events.ts';
import { count } from '../../format/numbers.ts';
import { EventList } from '../../parts/event-list.tsx';
import { Panel } from '../../parts/panel.tsx';
import { HoldButton } from './hold-button.tsx';

const MAX_ROWS = 200;

/** What happens to the balancer, as it happens. */
export function BalancerEvents({ query }: { readonly query: Readonly<Record<string, string>> }) {
  const { events } = useStore();
  const held = useSignal<typeof events.value | null>(null);
  const shown = held.value ?? events.value;
  const types = [...new Set(shown.map(({ type }) => type))].sort();
  const wanted = shown.filter(
    (event) =>
      (query.type === undefined || event.type === query.type) &&
      (query.grave === undefined || ['bad', 'warn'].includes(toneOf(event))),
  );
  const missed = events.value.length - shown.length;
  return (
    <Panel
      title="What happened to the balancer"
      wide
      aside={<span class="faint">{count(wanted.length)} since the daemon started</span>}
    >
      <div class="filter">
        <label>
          Type
          <select
            value={query.type ?? ''}
            onChange={(event) => {
              window.location.hash = formatRoute({
                page: 'events',
                query: { ...query, type: event.currentTarget.value },
              });
            }}
          >
            <option value="">all</option>
            {types.map((type) => (
              <option key={type} value={type}>
                {eventName(type)}
              </option>
            ))}
          </select>
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={query.grave !== undefined}
            onChange={(event) => {
              const grave = event.currentTarget.checked ? 'yes' : '';
              window.location.hash = formatRoute({ page: 'events', query: { ...query, grave } });
            }}
          />
          only trouble
        </label>
        <HoldButton
          isHeld={held.value !== null}
          missed={missed}
          onToggle={() => {
            held.value = held.value === null ? events.value : null;
          }}
        />
      </div>
      <EventList events={wanted.slice(-MAX_ROWS)} />
    </Panel>
  );
}
