import type { StatusReport } from '../../../../src/report/index.ts';
import { count } from '../../format/numbers.ts';
import { ago } from '../../format/times.ts';
import { FileState } from '../../parts/file-state.tsx';
import { Panel } from '../../parts/panel.tsx';

/** What is in force, and since when the daemon runs. */
export function ConfigPanel({ status }: { readonly status: StatusReport }) {
  return (
    <Panel title="Configuration" aside={<a href="#/config">Show it</a>}>
      <dl class="facts">
        <dt>Generation</dt>
        <dd class="generation">{count(status.generation)}</dd>
        <dt>File</dt>
        <dd>
          <FileState status={status} />
        </dd>
        <dt>Hash</dt>
        <dd>
          <code>{status.configHash.slice(0, 12)}</code>
        </dd>
        <dt>Daemon</dt>
        <dd>
          started {ago(status.startedAt, Date.now())}, process {status.pid}
        </dd>
      </dl>
    </Panel>
  );
}
