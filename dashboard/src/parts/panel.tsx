import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** A titled part of a page. */
export function Panel(props: {
  readonly title: string;
  /** What stands beside the title. */
  readonly aside?: ComponentChildren;
  readonly wide?: boolean;
  readonly children: ComponentChildren;
}) {
  const id = useId();
  return (
    <section class={`panel ${props.wide ? 'wide' : ''}`} aria-labelledby={id}>
      <header class="panel-head">
        <h2 id={id}>{props.title}</h2>
        {props.aside}
      </header>
      {props.children}
    </section>
  );
}

/** Said where there is nothing to show. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

/** A word in a colour; the word says it all. */
export function Pill(props: { readonly tone: string; readonly children: ComponentChildren }) {
  return <span class={`pill ${props.tone}`}>{props.children}</span>;
}

/** Something that went wrong, and what to do about it. */
export function Trouble({ error }: { readonly error: unknown }) {
  const message = error instanceof Error ? error.message : String(error);
  const fix = error instanceof Error && 'fix' in error ? String(error.fix ?? '') : '';
  return (
    <div class="trouble" role="alert">
      <p>{message}</p>
      {fix === '' ? null : <p class="fix">{fix}</p>}
    </div>
  );
}

/** A table that scrolls sideways where it has no room; `label` names it. */
export function Table(props: {
  readonly label: string;
  /** Columns: words of the head, `#` before those of numbers. */
  readonly columns: readonly string[];
  /** Columns that are as wide as in other tables of the kind. */
  readonly kind?: 'targets';
  readonly children: ComponentChildren;
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <figure class="table" aria-label={props.label} tabIndex={0}>
      <table class={props.kind}>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th key={column} scope="col" class={column.startsWith('#') ? 'number' : ''}>
                {column.replace('#', '')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{props.children}</tbody>
      </table>
    </figure>
  );
}
