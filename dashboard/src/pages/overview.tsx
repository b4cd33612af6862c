import { ratesNow } from '../data/history.ts';
import { type Snapshot, useStore } from '../data/store.ts';
import { bitRate, count, prefixed, rate, textOf } from '../format/numbers.ts';
import { Tile } from '../parts/figures.tsx';
import { Panel } from '../parts/panel.tsx';
import { Plot } from '../parts/plot.tsx';
import { ConfigPanel } from './overview/config-panel.tsx';
import { InterfacesPanel } from './overview/interfaces-panel.tsx';
import { NewsPanel } from './overview/news-panel.tsx';
import { SharesPanel } from './overview/shares-panel.tsx';
import { TroublePanel } from './overview/trouble-panel.tsx';

/** Is all well, how much goes through, and where to? */
export function OverviewPage({ known }: { readonly known: Snapshot }) {
  return (
    <>
      {known.status.warnings.length === 0 ? null : (
        <ul class="warnings">
          {known.status.warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <Tiles known={known} />
      <div class="grid">
        <Plots />
        <div class="stack">
          <SharesPanel known={known} />
          <InterfacesPanel status={known.status} />
        </div>
        <div class="stack">
          <TroublePanel />
          <NewsPanel />
          <ConfigPanel status={known.status} />
        </div>
      </div>
    </>
  );
}

function Tiles({ known }: { readonly known: Snapshot }) {
  const { history } = useStore();
  const rates = ratesNow(history.value);
  const { active, pending, max } = known.status.flows;
  const served = known.targets.filter(
    ({ effectiveWeight, sharePercent }) => effectiveWeight > 0 && sharePercent > 0,
  );
  const isShort = served.length < known.targets.length;
  const failed = rates?.failedPerSecond ?? 0;
  const traffic = bitRate((rates?.bitsToTargets ?? 0) + (rates?.bitsToClients ?? 0));
  return (
    <dl class="tiles">
      <Tile
        label="New connections"
        figure={{ number: rates === null ? '–' : rate(rates.flowsPerSecond), unit: '/s' }}
        note={`${count(history.value.last?.stats.totals.flows ?? 0)} ever`}
      />
      <Tile
        label="Throughput"
        figure={rates === null ? { number: '–', unit: '' } : traffic}
        note={
          rates === null
            ? 'both ways'
            : `${textOf(bitRate(rates.bitsToTargets))} in, ${textOf(bitRate(rates.bitsToClients))} out`
        }
      />
      <Tile
        label="Open connections"
        figure={{ number: count(active), unit: '' }}
        fill={active / max}
        note={`room for ${textOf(prefixed(max))}; ${count(pending)} opening`}
        tone={active / max > 0.9 ? 'warn' : ''}
      />
      <Tile
        label="Targets in service"
        figure={{ number: count(served.length), unit: `of ${count(known.targets.length)}` }}
        note={isShort ? 'the others get nothing new' : 'all of them'}
        tone={isShort ? 'bad' : 'good'}
      />
      <Tile
        label="Failed connects"
        figure={{ number: rates === null ? '–' : rate(failed), unit: '/s' }}
        note="refused or not answered"
        tone={failed > 0 ? 'bad' : ''}
      />
    </dl>
  );
}

function Plots() {
  const { points } = useStore().history.value;
  const times = points.map(({ atMs }) => atMs);
  return (
    <>
      <Panel title="New connections a second">
        <Plot
          title="New connections a second over the last minutes"
          times={times}
          least={10}
          format={(value) => rate(value)}
          lines={[
            {
              label: 'opened',
              colour: 'a',
              values: points.map(({ rates }) => rates?.flowsPerSecond ?? null),
            },
            {
              label: 'failed',
              colour: 'bad',
              values: points.map(({ rates }) => rates?.failedPerSecond ?? null),
            },
          ]}
        />
      </Panel>
      <Panel title="Throughput">
        <Plot
          title="Throughput over the last minutes"
          times={times}
          least={10_000}
          format={(value) => textOf(bitRate(value))}
          lines={[
            {
              label: 'to clients',
              colour: 'a',
              values: points.map(({ rates }) => rates?.bitsToClients ?? null),
            },
            {
              label: 'to targets',
              colour: 'b',
              values: points.map(({ rates }) => rates?.bitsToTargets ?? null),
            },
          ]}
        />
      </Panel>
    </>
  );
}
