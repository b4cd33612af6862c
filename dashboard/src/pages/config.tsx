import { useSignal } from '@preact/signals';
import type { ChangeReport, ConfigReport, DiffReport } from '../../../src/report/index.ts';
import { type Snapshot, useStore } from '../data/store.ts';
import { count } from '../format/numbers.ts';
import { FileState } from '../parts/file-state.tsx';
import { Empty, Panel, Trouble } from '../parts/panel.tsx';
import { useResource } from '../parts/resource.ts';
import { Differences } from './config/differences.tsx';
import { Json } from './config/json.tsx';

/** Reading the file again is work for the daemon. */
const EVERY_MS = 10_000;

/** What is in force, and does the file say so? */
export function ConfigPage({ known }: { readonly known: Snapshot }) {
  const running = useResource<ConfigReport>('v1/config', EVERY_MS);
  return (
    <>
      {known.status.file === null ? null : <DiffPanel known={known} />}
      <Panel
        title="In force"
        wide
        aside={<span class="faint">generation {count(known.status.generation)}</span>}
      >
        {running.error.value === null ? null : <Trouble error={running.error.value} />}
        {running.answer.value === null ? null : <Json value={running.answer.value.config} />}
      </Panel>
    </>
  );
}

function DiffPanel({ known }: { readonly known: Snapshot }) {
  const { session } = useStore();
  const { answer, error } = useResource<DiffReport>('v1/config/diff', EVERY_MS);
  const differences = answer.value?.differences ?? [];
  return (
    <Panel title="Running and file" wide aside={session.readOnly.value ? null : <ReloadButton />}>
      <p>
        <FileState status={known.status} />
      </p>
      {error.value === null ? null : <Trouble error={error.value} />}
      {answer.value === null ? null : differences.length === 0 ? (
        <Empty>What runs is what the file says.</Empty>
      ) : (
        <>
          <p>Reading the file again would:</p>
          <Differences differences={differences} />
        </>
      )}
      {(answer.value?.warnings ?? []).map(({ where, message }) => (
        <p class="warning" key={`${where} ${message}`}>
          {where}: {message}
        </p>
      ))}
    </Panel>
  );
}

function ReloadButton() {
  const { client, refresh } = useStore();
  const said = useSignal('');
  const error = useSignal<unknown>(null);
  const reload = async () => {
    try {
      error.value = null;
      const { generation } = await client.change<ChangeReport>('POST', 'v1/reload');
      said.value = `Reloaded: generation ${count(generation)}`;
    } catch (cause) {
      said.value = '';
      error.value = cause;
    }
    refresh.value += 1;
  };
  return (
    <div class="reload">
      <span role="status">{said.value}</span>
      {error.value === null ? null : <Trouble error={error.value} />}
      <button type="button" class="primary" onClick={() => void reload()}>
        Reload from the file
      </button>
    </div>
  );
}
