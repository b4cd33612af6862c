import { useSignal } from '@preact/signals';
import type { TargetWeightReport } from '../../../../src/report/index.ts';
import { trimmed } from '../../format/numbers.ts';

/** Sets the configured weight of a target in its pool. */
export function WeightForm(props: {
  readonly target: TargetWeightReport;
  readonly onSet: (weight: number) => void;
}) {
  const text = useSignal(trimmed(props.target.configuredWeight));
  const set = (event: Event) => {
    event.preventDefault();
    props.onSet(Number(text.value));
  };
  return (
    <form class="choice" onSubmit={set}>
      <label class="inline">
        Weight
        <input
          type="number"
          min="1"
          max="100"
          required
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
        percent of the pool
      </label>
      <button type="submit">Set weight</button>
      <small>The others share the rest as they did. The file stays as it is: a reload takes this back.</small>
    </form>
  );
}
