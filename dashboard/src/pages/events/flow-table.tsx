import { millisecondsText } from '../../../../src/units/index.ts';
import type { KeptFlow } from '../../data/flows.ts';
import { bytes, count } from '../../format/numbers.ts';
import { clock, duration } from '../../format/times.ts';
import { Pill, Table } from '../../parts/panel.tsx';

const TONES = {
  fin: 'good',
  drained: 'good',
  rst: 'warn',
  timeout: 'rest',
  evicted: 'warn',
  refused: 'bad',
} as const;
const COLUMNS = [
  'Time',
  'What',
  'Client',
  'Listener',
  'Target',
  'Proxy',
  '#Lasted',
  '#To target',
  '#To client',
];
const MS_PER_S = 1_000;

/** Connections that came and went, the youngest first. */
export function FlowTable({ flows }: { readonly flows: readonly KeptFlow[] }) {
  return (
    <Table label="Connections that came and went" columns={COLUMNS}>
      {flows.toReversed().map((flow) => (
        <FlowRow key={flow.key} flow={flow} />
      ))}
    </Table>
  );
}

function FlowRow({ flow }: { readonly flow: KeptFlow }) {
  const way = flow.sni ?? (flow.route === 'source' ? 'source route' : null);
  return (
    <tr>
      <td>
        <time datetime={flow.at} title={flow.at}>
          {clock(flow.at)}
        </time>
      </td>
      <td>
        {flow.type === 'flowOpened' ? (
          <Pill tone="plain">opened</Pill>
        ) : (
          <Pill tone={TONES[flow.reason]}>{flow.reason}</Pill>
        )}
      </td>
      <th scope="row">{flow.client}</th>
      <td>
        {flow.listener} <span class="faint">{flow.protocol}</span>
      </td>
      <td>{flow.target}</td>
      <td>
        {flow.proxy}
        {way === null ? null : <small>{way}</small>}
      </td>
      {flow.type === 'flowOpened' ? <Unknown /> : <Sums flow={flow} />}
    </tr>
  );
}

/** A connection that has only begun. */
function Unknown() {
  return (
    <>
      <td class="number faint">–</td>
      <td class="number faint">–</td>
      <td class="number faint">–</td>
    </>
  );
}

function Sums({ flow }: { readonly flow: Extract<KeptFlow, { readonly type: 'flowClosed' }> }) {
  const { durationMs, forward, reply, complete } = flow;
  // Packets that the flow table could not keep count of are missing: these are the least.
  const least = complete ? '' : '≥ ';
  return (
    <>
      <td class="number">
        {durationMs < 10 * MS_PER_S
          ? millisecondsText(Math.round(durationMs))
          : duration(durationMs / MS_PER_S)}
      </td>
      {[forward, reply].map((way, index) => (
        <td class="number" key={index === 0 ? 'forward' : 'reply'} title={`${count(way.packets)} packets`}>
          {least}
          {bytes(way.bytes)}
        </td>
      ))}
    </>
  );
}
