import { useSignal } from '@preact/signals';
import type { ConfigReport } from '../../../../src/report/index.ts';
import { FLOW_WISHES, type Flows, type FlowWish } from '../../data/flows.ts';
import { formatRoute } from '../../data/route.ts';
import type { Snapshot } from '../../data/store.ts';
import { count } from '../../format/numbers.ts';
import { Empty, Panel, Trouble } from '../../parts/panel.tsx';
import { useResource } from '../../parts/resource.ts';
import { useFlows } from '../../parts/use-flows.ts';
import { FlowNotes, isTold, StatisticsOff, type TellSettings } from './flow-notes.tsx';
import { FlowTable } from './flow-table.tsx';
import { HoldButton } from './hold-button.tsx';

type Query = Readonly<Record<string, string>>;

const SETTINGS_EVERY_MS = 5_000;
const WISH_NAMES: Readonly<Record<FlowWish, string>> = {
  '': 'opened and closed',
  opened: 'opened',
  closed: 'closed, whatever the reason',
  fin: 'closed: fin, as it should be',
  rst: 'closed: rst, reset by one side',
  refused: 'closed: refused by the target',
  timeout: 'closed: timeout, nothing came',
  evicted: 'closed: evicted, the table was full',
  drained: 'closed: drained, fin on a drained target',
};

/** Which connections come and go? */
export function FlowEvents({ known, query }: { readonly known: Snapshot; readonly query: Query }) {
  const { answer, error } = useResource<ConfigReport>('v1/config', SETTINGS_EVERY_MS);
  const settings: TellSettings | undefined = answer.value?.config.settings;
  if (error.value !== null && settings === undefined) return <Trouble error={error.value} />;
  if (settings === undefined) return null;
  if (isTold(settings) === 'nothing') {
    return (
      <Panel title="Connections that come and go" wide>
        <StatisticsOff />
      </Panel>
    );
  }
  return <FlowPanel known={known} query={query} settings={settings} />;
}

function FlowPanel(props: {
  readonly known: Snapshot;
  readonly query: Query;
  readonly settings: TellSettings;
}) {
  const { known, query, settings } = props;
  const wish = FLOW_WISHES.find((each) => each === query.what) ?? '';
  const flows = useFlows(query.proxy ?? '', wish);
  const held = useSignal<Flows | null>(null);
  const shown = held.value ?? flows.value;
  return (
    <Panel title="Connections that come and go" wide aside={<span class="faint">{said(shown)}</span>}>
      <div class="filter">
        <Select
          label="Proxy"
          value={query.proxy ?? ''}
          options={[['', 'all'], ...known.status.proxies.map(({ name }) => [name, name] as const)]}
          onChoose={(proxy) => look({ ...query, proxy })}
        />
        <Select
          label="What"
          value={wish}
          options={FLOW_WISHES.map((each) => [each, WISH_NAMES[each]] as const)}
          onChoose={(what) => look({ ...query, what })}
        />
        <HoldButton
          isHeld={held.value !== null}
          missed={flows.value.seen - shown.seen}
          onToggle={() => {
            held.value = held.value === null ? flows.value : null;
          }}
        />
      </div>
      <FlowNotes settings={settings} flows={shown} />
      {shown.kept.length === 0 ? (
        <Empty>Nothing yet. The end of a connection is told some seconds after its last packet.</Empty>
      ) : (
        <FlowTable flows={shown.kept} />
      )}
    </Panel>
  );
}

function Select(props: {
  readonly label: string;
  readonly value: string;
  readonly options: readonly (readonly [value: string, name: string])[];
  readonly onChoose: (value: string) => void;
}) {
  return (
    <label>
      {props.label}
      <select value={props.value} onChange={(event) => props.onChoose(event.currentTarget.value)}>
        {props.options.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

function look(query: Query): void {
  window.location.hash = formatRoute({ page: 'events', query });
}

function said({ kept, seen }: Flows): string {
  const all = `${count(seen)} so far`;
  return kept.length < seen ? `the last ${count(kept.length)} of ${all}` : all;
}
