import { useSignal } from '@preact/signals';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { TargetWeightReport } from '../../../../src/report/index.ts';
import type { Snapshot } from '../../data/store.ts';
import { detailsOf } from '../../data/target-state.ts';
import { Trouble } from '../../parts/panel.tsx';
import { Choice } from './choice.tsx';
import { type Actions, useActions } from './use-actions.ts';
import { WeightForm } from './weight-form.tsx';

interface DialogProps {
  readonly target: TargetWeightReport;
  readonly known: Snapshot;
  readonly onClose: () => void;
}

/** Everything that may be done to a target. */
export function TargetDialog({ target: chosen, known, onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = useId();
  const actions = useActions(chosen);
  useEffect(() => dialog.current?.showModal(), []);
  const isIt = ({ proxy, pool, target }: TargetWeightReport) =>
    proxy === chosen.proxy && pool === chosen.pool && target === chosen.target;
  const target = known.targets.find(isIt);
  return (
    <dialog ref={dialog} aria-labelledby={title} onClose={onClose}>
      <header>
        <h2 id={title}>
          {chosen.target} <span class="faint">of {chosen.proxy}</span>
        </h2>
        <button type="button" class="quiet" onClick={() => dialog.current?.close()}>
          Close
        </button>
      </header>
      {target === undefined ? <p>The configuration does not have it any more.</p> : null}
      {target === undefined ? null : <Choices target={target} known={known} actions={actions} />}
      <div role="status" class="said">
        {actions.said.value}
      </div>
      {actions.error.value === null ? null : <Trouble error={actions.error.value} />}
    </dialog>
  );
}

function Choices(props: Omit<DialogProps, 'onClose'> & { readonly actions: Actions }) {
  const { target, known, actions } = props;
  const seconds = useSignal('30');
  const { health, circuit } = detailsOf(target, known);
  const state = target.factors.drain.value === 1 ? 'ready' : target.factors.drain.reason;
  return (
    <>
      <Choice
        legend="New connections"
        now={state}
        choices={[
          ['ready', 'Ready', 'gets its share'],
          ['drain', 'Drain', 'gets no new ones; open ones may end'],
          ['maintenance', 'Maintenance', 'gets no new ones, and is not checked'],
        ]}
        onChoose={(wanted) => actions.setState(wanted, Number(seconds.value) * 1000)}
      >
        <label class="inline">
          A drain may take
          <input
            type="number"
            min="1"
            max="86400"
            value={seconds.value}
            onInput={(event) => {
              seconds.value = event.currentTarget.value;
            }}
          />
          seconds
        </label>
      </Choice>
      <WeightForm target={target} onSet={actions.setWeight} />
      {circuit === undefined ? null : (
        <Choice
          legend="Circuit breaker"
          now={circuit.manual ?? 'auto'}
          choices={[
            ['auto', 'Automatic', `connections decide: ${circuit.reason}`],
            ['open', 'Open', 'no new connections'],
            ['closed', 'Closed', 'its share, whatever fails'],
          ]}
          onChoose={actions.setCircuit}
        />
      )}
      {health === undefined || health.check === 'none' ? null : (
        <Choice
          legend="Health"
          now={health.manual ?? 'auto'}
          choices={[
            ['auto', 'Checks decide', `they say: ${health.status}`],
            ['healthy', 'Healthy', 'whatever they say'],
            ['unhealthy', 'Unhealthy', 'no new connections'],
          ]}
          onChoose={actions.setHealth}
        >
          <button type="button" onClick={actions.check}>
            Check now
          </button>
        </Choice>
      )}
    </>
  );
}
