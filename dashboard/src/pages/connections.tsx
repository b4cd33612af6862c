import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ConnectionsReport } from '../../../src/report/index.ts';
import { formatRoute } from '../data/route.ts';
import type { Snapshot } from '../data/store.ts';
import { bytes, count } from '../format/numbers.ts';
import { duration } from '../format/times.ts';
import { Empty, Panel, Pill, Table, Trouble } from '../parts/panel.tsx';
import { useResource } from '../parts/resource.ts';

const PAGE_ROWS = 50;
const EVERY_MS = 2_000;
const TONES = { syn: 'warn', established: 'good', closing: 'rest', udp: 'good' } as const;

interface ConnectionsProps {
  readonly known: Snapshot;
  readonly query: Readonly<Record<string, string>>;
}

/** Who is connected to what? */
export function ConnectionsPage({ known, query }: ConnectionsProps) {
  const page = Math.max(0, Number(query.page ?? 0) || 0);
  const { proxy = '', client = '', target = '' } = query;
  const words = new URLSearchParams(
    Object.entries({ proxy, client, target }).filter(([, value]) => value !== ''),
  );
  words.set('limit', String(PAGE_ROWS));
  words.set('offset', String(page * PAGE_ROWS));
  const { answer, isCurrent, error } = useResource<ConnectionsReport>(`v1/connections?${words}`, EVERY_MS);
  const total = answer.value?.total ?? 0;
  const last = Math.max(0, Math.ceil(total / PAGE_ROWS) - 1);
  const isBeyond = isCurrent && page > last;
  useEffect(() => {
    // Connections end while one turns pages.
    if (isBeyond) window.location.replace(pageRoute(query, last));
  }, [isBeyond]);
  return (
    <Panel
      title="In the flow table"
      wide
      aside={<span class="faint total">{answer.value === null ? '' : `${count(total)} connections`}</span>}
    >
      <Filter known={known} query={query} />
      {error.value === null ? null : <Trouble error={error.value} />}
      {answer.value === null ? null : <Rows report={answer.value} />}
      <Pager page={page} last={last} query={query} />
    </Panel>
  );
}

function Filter({ known, query }: ConnectionsProps) {
  const { proxy = '', client = '', target = '' } = query;
  const words = useSignal({ proxy, client, target });
  useEffect(() => {
    words.value = { proxy, client, target };
  }, [proxy, client, target]);
  const show = (event: Event) => {
    event.preventDefault();
    window.location.hash = formatRoute({ page: 'connections', query: trimAll(words.value) });
  };
  return (
    <form class="filter" onSubmit={show} aria-label="Filter">
      <label>
        Proxy
        <select
          value={words.value.proxy}
          onChange={(event) => {
            words.value = { ...words.value, proxy: event.currentTarget.value };
          }}
        >
          <option value="">all</option>
          {known.status.proxies.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {(['client', 'target'] as const).map((name) => (
        <label key={name}>
          {name === 'client' ? 'Client' : 'Target'}
          <input
            value={words.value[name]}
            placeholder="address or address:port"
            spellcheck={false}
            onInput={(event) => {
              words.value = { ...words.value, [name]: event.currentTarget.value };
            }}
          />
        </label>
      ))}
      <button type="submit" class="primary">
        Show
      </button>
      <a href="#/connections">Show all</a>
    </form>
  );
}

function Rows({ report }: { readonly report: ConnectionsReport }) {
  if (report.connections.length === 0) return <Empty>No connection is open that matches.</Empty>;
  const columns = [
    'Client',
    'Listener',
    'Target',
    'Proxy',
    'State',
    '#Age',
    '#Idle',
    '#To target',
    '#To client',
  ];
  return (
    <Table label="Connections" columns={columns}>
      {report.connections.map((each) => (
        <tr key={`${each.protocol} ${each.client} ${each.listener}`}>
          <th scope="row">{each.client}</th>
          <td>
            {each.listener} <span class="faint">{each.protocol}</span>
          </td>
          <td>{each.target}</td>
          <td>{each.proxy}</td>
          <td>
            <Pill tone={TONES[each.state]}>{each.state}</Pill>
          </td>
          <td class="number">{duration(each.ageSeconds)}</td>
          <td class="number">{duration(each.idleSeconds)}</td>
          <td class="number">{bytes(each.forward.bytes)}</td>
          <td class="number">{bytes(each.reply.bytes)}</td>
        </tr>
      ))}
    </Table>
  );
}

function Pager(props: {
  readonly page: number;
  readonly last: number;
  readonly query: ConnectionsProps['query'];
}) {
  const { page, last, query } = props;
  if (last === 0 && page === 0) return null;
  return (
    <nav class="pager" aria-label="Pages of connections">
      <Step to={pageRoute(query, Math.max(page - 1, 0))} isEnd={page <= 0}>
        ← Previous
      </Step>
      <span>
        page {count(page + 1)} of {count(last + 1)}
      </span>
      <Step to={pageRoute(query, Math.max(page, Math.min(page + 1, last)))} isEnd={page >= last}>
        Next →
      </Step>
    </nav>
  );
}

/** The address of a page of connections, the first of which is 0. */
function pageRoute(query: ConnectionsProps['query'], page: number): string {
  return formatRoute({ page: 'connections', query: { ...query, page: String(page) } });
}

/** A link, at the ends to the page itself: who has come there by keys must not lose the place. */
function Step(props: { readonly to: string; readonly isEnd: boolean; readonly children: ComponentChildren }) {
  return (
    <a href={props.to} aria-disabled={props.isEnd} class={props.isEnd ? 'faint' : ''}>
      {props.children}
    </a>
  );
}

function trimAll(words: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(words).map(([name, value]) => [name, value.trim()]));
}
