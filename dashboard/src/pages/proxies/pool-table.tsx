import type { TargetWeightReport } from '../../../../src/report/index.ts';
import { type TargetRates, targetKey } from '../../data/history.ts';
import type { Pool } from '../../data/pools.ts';
import { type Snapshot, useStore } from '../../data/store.ts';
import { detailsOf, stateOf } from '../../data/target-state.ts';
import { bitRate, count, percent, rate, textOf } from '../../format/numbers.ts';
import { Meter, Sparkline } from '../../parts/figures.tsx';
import { Pill, Table } from '../../parts/panel.tsx';
import { DrainProgress } from './drain-progress.tsx';
import { HealthText } from './health-text.tsx';
import { Latency } from './latency.tsx';
import { Why } from './why.tsx';

interface PoolProps {
  readonly pool: Pool;
  readonly known: Snapshot;
  readonly onChoose: (target: TargetWeightReport) => void;
}

/** The targets of one pool. */
export function PoolTable({ pool, known, onChoose }: PoolProps) {
  const title = pool.pool === 'default' ? 'Default targets' : `Route ${pool.pool}`;
  const { readOnly } = useStore().session;
  const actions = readOnly.value ? [] : ['Actions'];
  const columns = ['Target', 'State', 'Share', 'Why', '#Connections', '#Open', '#Latency p50', 'Health'];
  return (
    <>
      <h3>
        {title} <span class="faint">{pool.algorithm.replaceAll('-', ' ')}</span>
      </h3>
      <Table kind="targets" label={`${title} of ${pool.proxy}`} columns={[...columns, ...actions]}>
        {pool.targets.map((target) => (
          <TargetRow key={target.target} target={target} pool={pool} known={known} onChoose={onChoose} />
        ))}
      </Table>
    </>
  );
}

function TargetRow({ target, pool, known, onChoose }: PoolProps & { readonly target: TargetWeightReport }) {
  const { history, session } = useStore();
  const { points } = history.value;
  const key = targetKey(target);
  const rates = points.map((point): TargetRates | null => point.rates?.targets.get(key) ?? null);
  const { word, tone } = stateOf(target, known);
  const { health, drain, latency } = detailsOf(target, known);
  const configured = pool.configured === 0 ? 0 : target.configuredWeight / pool.configured;
  const now = rates.at(-1);
  return (
    <tr class={tone} data-target={target.target}>
      <th scope="row">{target.target}</th>
      <td>
        <Pill tone={tone}>{word}</Pill>
        {drain === undefined ? null : <DrainProgress drain={drain} />}
      </td>
      <td class="share">
        <b>{percent(target.sharePercent)}</b> <span class="faint">of {percent(configured * 100)}</span>
        <Meter fill={target.sharePercent / 100} mark={configured} />
      </td>
      <td>
        <Why target={target} />
      </td>
      <td class="number">
        <Sparkline values={rates.map((each) => each?.flowsPerSecond ?? null)} />
        <span class="beside">{now ? `${rate(now.flowsPerSecond)}/s` : '–'}</span>
        {now && now.failedPerSecond > 0 ? (
          <small class="bad">{rate(now.failedPerSecond)}/s failed</small>
        ) : null}
      </td>
      <td class="number">
        {count(target.activeFlows)}
        <small>{now ? textOf(bitRate(now.bitsPerSecond)) : '–'}</small>
      </td>
      <td class="number">
        <Latency of={latency} />
      </td>
      <td>
        <HealthText health={health} />
      </td>
      {session.readOnly.value ? null : (
        <td>
          <button
            type="button"
            onClick={() => onChoose(target)}
            aria-label={`Change ${target.target} of ${target.proxy}`}
          >
            Change…
          </button>
        </td>
      )}
    </tr>
  );
}
