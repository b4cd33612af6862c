import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { changeToken } from '../data/session.ts';
import { useStore } from '../data/store.ts';
import { Logo } from '../parts/logo.tsx';

/** Asks for the token. */
export function LockedPage() {
  const { session, link } = useStore();
  const text = useSignal('');
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const isWrong = link.value.kind === 'locked' && link.value.wrongToken;
  const unlock = (event: Event) => {
    event.preventDefault();
    if (text.value.trim() !== '') changeToken(session, text.value.trim(), window);
  };
  return (
    <main class="locked">
      <form class="panel" onSubmit={unlock}>
        <p class="brand">
          <Logo />
          <b>Sluice</b>
        </p>
        <h1>This balancer wants a token</h1>
        <label>
          Token
          <input
            ref={input}
            type="password"
            autocomplete="off"
            spellcheck={false}
            value={text.value}
            aria-invalid={isWrong}
            aria-describedby="token-help"
            onInput={(event) => {
              text.value = event.currentTarget.value;
            }}
          />
        </label>
        {isWrong ? (
          <p class="trouble" role="alert">
            That is not its token.
          </p>
        ) : null}
        <button type="submit" class="primary">
          Unlock
        </button>
        <p id="token-help" class="faint">
          It is what <code>settings.adminApi.tokenFile</code> names, and stays in this tab until it is closed.
          On the host itself <code>sluice dashboard</code> makes a link that needs none.
        </p>
      </form>
    </main>
  );
}
