import { useSignal } from '@preact/signals';
import type { TraceReport } from '../../../../src/report/index.ts';
import { type Snapshot, useStore } from '../../data/store.ts';
import { percent } from '../../format/numbers.ts';
import { Panel, Pill, Trouble } from '../../parts/panel.tsx';

/** Where would a connection go, and why? */
export function TracePanel({ known }: { readonly known: Snapshot }) {
  const { client } = useStore();
  const [, firstAddress = '', protocol = 'tcp'] =
    /^(.*)\/(tcp|udp)$/.exec(known.status.proxies[0]?.listeners[0] ?? '') ?? [];
  const from = useSignal('');
  const to = useSignal(firstAddress);
  const report = useSignal<TraceReport | null>(null);
  const error = useSignal<unknown>(null);
  const ask = async () => {
    try {
      const words = new URLSearchParams({
        client: from.value.trim(),
        destination: to.value.trim(),
        protocol,
      });
      report.value = await client.get<TraceReport>(`v1/trace?${words}`);
      error.value = null;
    } catch (cause) {
      report.value = null;
      error.value = cause;
    }
  };
  return (
    <Panel title="Where would it go?" wide>
      <form
        class="filter"
        onSubmit={(event) => {
          event.preventDefault();
          void ask();
        }}
      >
        <label>
          Client address
          <input
            required
            placeholder="192.168.1.7"
            spellcheck={false}
            value={from.value}
            onInput={(event) => {
              from.value = event.currentTarget.value;
            }}
          />
        </label>
        <label>
          Destination
          <input
            required
            placeholder="10.0.0.9:80"
            spellcheck={false}
            value={to.value}
            onInput={(event) => {
              to.value = event.currentTarget.value;
            }}
          />
        </label>
        <button type="submit" class="primary">
          Trace
        </button>
      </form>
      {error.value === null ? null : <Trouble error={error.value} />}
      {report.value === null ? null : <Answer report={report.value} />}
    </Panel>
  );
}

function Answer({ report }: { readonly report: TraceReport }) {
  return (
    <div class="trace" role="status">
      <Pill tone={report.outcome === 'balanced' ? 'good' : 'warn'}>{report.outcome}</Pill>
      <ol>
        {report.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <ul class="plain">
        {report.candidates.map(({ target, sharePercent }) => (
          <li key={target}>
            {target} <span class="faint">with a chance of {percent(sharePercent)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
