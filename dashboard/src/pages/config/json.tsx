import type { JSX } from 'preact';

/** One word of a JSON text: a key, a value, or what is between. */
const WORD = /("(?:[^"\\]|\\.)*")(\s*:)?|\b(true|false|null)\b|(-?\d+(?:\.\d+)?)/g;

/** A value as indented JSON, with keys and values told apart. */
export function Json({ value }: { readonly value: unknown }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
    <pre class="json" tabIndex={0}>
      {coloured(JSON.stringify(value, null, 2))}
    </pre>
  );
}

function coloured(text: string): (string | JSX.Element)[] {
  const parts: (string | JSX.Element)[] = [];
  let end = 0;
  for (const match of text.matchAll(WORD)) {
    const [word, quoted, colon] = match;
    parts.push(text.slice(end, match.index));
    const kind = colon !== undefined ? 'key' : quoted !== undefined ? 'text' : 'value';
    parts.push(<span class={kind}>{word}</span>);
    end = match.index + word.length;
  }
  return [...parts, text.slice(end)];
}
