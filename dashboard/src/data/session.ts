import { type Signal, signal } from '@preact/signals';
import { formatRoute } from './route.ts';

const KEY = 'sluice-token';

/** Who looks. */
export interface Session {
  /** Proves to the daemon who asks; null when none is known. Lives as long as the tab. */
  readonly token: Signal<string | null>;
  /** The token may only read. */
  readonly readOnly: Signal<boolean>;
}

/** The session of this tab: the token is that of the link, or the one that was used before. */
export function openSession(window: Window): Session {
  const session = { token: signal(window.sessionStorage.getItem(KEY)), readOnly: signal(false) };
  const read = () => {
    const fromLink = takeTokenOfLink(window);
    if (fromLink !== null) changeToken(session, fromLink, window);
  };
  read();
  // Another link may be opened in the same tab.
  window.addEventListener('hashchange', read);
  return session;
}

/** Uses another token; null forgets it. */
export function changeToken({ token, readOnly }: Session, value: string | null, window: Window): void {
  if (value === null) window.sessionStorage.removeItem(KEY);
  else window.sessionStorage.setItem(KEY, value);
  readOnly.value = false;
  token.value = value;
}

/** Takes the token out of `#token=…`, so that neither address bar nor history keep it. */
function takeTokenOfLink(window: Window): string | null {
  const token = /^#token=([\w.~-]+)$/.exec(window.location.hash)?.[1];
  if (token === undefined) return null;
  window.history.replaceState(null, '', formatRoute({ page: 'overview', query: {} }));
  return token;
}
