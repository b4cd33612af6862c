import { render } from 'preact';
import { App } from './app.tsx';
import { createClient } from './data/client.ts';
import { follow } from './data/live.ts';
import { openSession } from './data/session.ts';
import { createStore, StoreContext } from './data/store.ts';
import { openTheme, ThemeContext } from './parts/theme.tsx';
import './style/base.css';
import './style/layout.css';
import './style/parts.css';
import './style/table.css';
import './style/pages.css';
import './style/events.css';

/** Puts the dashboard on the page. */
function start(): void {
  const place = document.getElementById('app');
  if (place === null) throw new Error('the page has no place for the dashboard');
  const session = openSession(window);
  const store = createStore(session, createClient(session));
  const theme = openTheme(window);
  follow(store);
  render(
    <ThemeContext.Provider value={theme}>
      <StoreContext.Provider value={store}>
        <App />
      </StoreContext.Provider>
    </ThemeContext.Provider>,
    place,
  );
}

start();
