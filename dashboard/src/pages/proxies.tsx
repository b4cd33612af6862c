import { useSignal } from '@preact/signals';
import type { ProxyReport, TargetWeightReport } from '../../../src/report/index.ts';
import { poolsOf } from '../data/pools.ts';
import type { Snapshot } from '../data/store.ts';
import { Empty, Panel } from '../parts/panel.tsx';
import { PoolTable } from './proxies/pool-table.tsx';
import { TargetDialog } from './proxies/target-dialog.tsx';

/** Every target: does it get its share, and if not, why? */
export function ProxiesPage({ known }: { readonly known: Snapshot }) {
  const chosen = useSignal<TargetWeightReport | null>(null);
  const { proxies } = known.status;
  return (
    <>
      {proxies.length === 0 ? <Empty>This configuration has no proxy.</Empty> : null}
      {proxies.map((proxy) => (
        <ProxyPanel
          key={proxy.name}
          proxy={proxy}
          known={known}
          onChoose={(target) => {
            chosen.value = target;
          }}
        />
      ))}
      {chosen.value === null ? null : (
        <TargetDialog
          target={chosen.value}
          known={known}
          onClose={() => {
            chosen.value = null;
          }}
        />
      )}
    </>
  );
}

function ProxyPanel(props: {
  readonly proxy: ProxyReport;
  readonly known: Snapshot;
  readonly onChoose: (target: TargetWeightReport) => void;
}) {
  const { proxy, known } = props;
  const pools = poolsOf(known).filter((pool) => pool.proxy === proxy.name);
  return (
    <Panel
      title={proxy.name}
      wide
      aside={
        <p class="listeners">
          {proxy.listeners.map((listener) => (
            <span key={listener}>{listener}</span>
          ))}
          <span class="faint">
            {proxy.mode === 'nat' ? 'client address kept (nat)' : 'own address (snat)'}
          </span>
        </p>
      }
    >
      {pools.map((pool) => (
        <PoolTable key={pool.pool} pool={pool} known={known} onChoose={props.onChoose} />
      ))}
    </Panel>
  );
}
