import type { ComponentChildren } from 'preact';

/** One of several states of a target; choosing another one takes effect at once. */
export function Choice(props: {
  readonly legend: string;
  /** The one in force. */
  readonly now: string;
  /** Value, name and meaning. */
  readonly choices: readonly (readonly [value: string, name: string, meaning: string])[];
  readonly onChoose: (value: string) => void;
  readonly children?: ComponentChildren;
}) {
  return (
    <fieldset class="choice">
      <legend>{props.legend}</legend>
      <div class="segments">
        {props.choices.map(([value, name, meaning]) => (
          <button
            key={value}
            type="button"
            aria-pressed={value === props.now}
            onClick={() => props.onChoose(value)}
          >
            <b>{name}</b>
            <small>{meaning}</small>
          </button>
        ))}
      </div>
      {props.children}
    </fieldset>
  );
}
