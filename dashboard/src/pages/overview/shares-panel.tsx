import type { TargetWeightReport } from '../../../../src/report/index.ts';
import { ratesNow, targetKey } from '../../data/history.ts';
import { poolsOf } from '../../data/pools.ts';
import { type Snapshot, useStore } from '../../data/store.ts';
import { stateOf } from '../../data/target-state.ts';
import { percent, rate } from '../../format/numbers.ts';
import { Meter } from '../../parts/figures.tsx';
import { Panel } from '../../parts/panel.tsx';

/** Where do new connections go now? */
export function SharesPanel({ known }: { readonly known: Snapshot }) {
  return (
    <Panel title="Where new connections go" aside={<a href="#/proxies">All about proxies</a>}>
      {poolsOf(known).map(({ proxy, pool, targets }) => (
        <div class="pool" key={JSON.stringify([proxy, pool])}>
          <h3>
            {proxy} <span class="faint">{pool === 'default' ? '' : pool}</span>
          </h3>
          <ul class="shares">
            {targets.map((target) => (
              <Share key={target.target} target={target} known={known} />
            ))}
          </ul>
        </div>
      ))}
    </Panel>
  );
}

function Share({ target, known }: { readonly target: TargetWeightReport; readonly known: Snapshot }) {
  const rates = ratesNow(useStore().history.value)?.targets.get(targetKey(target));
  const { tone, word } = stateOf(target, known);
  return (
    <li class={tone}>
      <span class="name">{target.target}</span>
      <Meter fill={target.sharePercent / 100} />
      <span class="number">{percent(target.sharePercent)}</span>
      <span class="number faint">{rates === undefined ? '' : `${rate(rates.flowsPerSecond)}/s`}</span>
      <span class={`word ${tone}`}>{word}</span>
    </li>
  );
}
