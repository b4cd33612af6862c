import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { PAGES, type Page, parseRoute, type Route } from './data/route.ts';
import { changeToken } from './data/session.ts';
import { type Snapshot, useStore } from './data/store.ts';
import { ConfigPage } from './pages/config.tsx';
import { ConnectionsPage } from './pages/connections.tsx';
import { EventsPage } from './pages/events.tsx';
import { LockedPage } from './pages/locked.tsx';
import { OverviewPage } from './pages/overview.tsx';
import { ProxiesPage } from './pages/proxies.tsx';
import { RoutesPage } from './pages/routes.tsx';
import { Icon } from './parts/icons.tsx';
import { LinkState, LostBanner } from './parts/link-state.tsx';
import { Logo } from './parts/logo.tsx';
import { Pill } from './parts/panel.tsx';
import { ThemeButton } from './parts/theme.tsx';

const TITLES: Readonly<Record<Page, string>> = {
  overview: 'Overview',
  proxies: 'Proxies',
  connections: 'Connections',
  routes: 'Routes',
  events: 'Events',
  config: 'Configuration',
};

/** The whole page. */
export function App() {
  const { link, announcement } = useStore();
  const route = useRoute();
  const isLocked = link.value.kind === 'locked';
  const wasLocked = useRef(false);
  wasLocked.current ||= isLocked;
  return (
    <>
      <p class="hidden" role="status">
        {announcement.value}
      </p>
      {isLocked ? <LockedPage /> : <Frame route={route} isUnlocked={wasLocked.current} />}
    </>
  );
}

function Frame({ route, isUnlocked }: { readonly route: Route; readonly isUnlocked: boolean }) {
  const { snapshot } = useStore();
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(isUnlocked ? null : route.page);
  useEffect(() => {
    document.title = `${TITLES[route.page]} · Sluice`;
    // Whoever cannot see that the page is another one hears its title.
    if (before.current !== route.page) heading.current?.focus();
    before.current = route.page;
  }, [route.page]);
  return (
    <div class="frame">
      <button type="button" class="skip" onClick={() => heading.current?.focus()}>
        Skip to the content
      </button>
      <SideBar page={route.page} />
      <main class="content">
        <div class="top">
          <h1 tabIndex={-1} ref={heading}>
            {TITLES[route.page]}
          </h1>
          <LinkState />
        </div>
        <LostBanner />
        <div class="page">
          {snapshot.value === null ? <Waiting /> : <PageOf route={route} known={snapshot.value} />}
        </div>
      </main>
    </div>
  );
}

function PageOf({ route, known }: { readonly route: Route; readonly known: Snapshot }) {
  switch (route.page) {
    case 'overview':
      return <OverviewPage known={known} />;
    case 'proxies':
      return <ProxiesPage known={known} />;
    case 'connections':
      return <ConnectionsPage known={known} query={route.query} />;
    case 'routes':
      return <RoutesPage known={known} />;
    case 'events':
      return <EventsPage known={known} query={route.query} />;
    case 'config':
      return <ConfigPage known={known} />;
  }
}

function SideBar({ page }: { readonly page: Page }) {
  const { session, snapshot } = useStore();
  const status = snapshot.value?.status;
  return (
    <header class="side">
      <p class="brand">
        <Logo />
        <span>
          <b>Sluice</b>
          <small>{status === undefined ? ' ' : status.instance}</small>
        </span>
      </p>
      <nav aria-label="Pages">
        <ul>
          {PAGES.map((each) => (
            <li key={each}>
              <a href={`#/${each}`} aria-current={each === page ? 'page' : undefined}>
                <Icon name={each} />
                {TITLES[each]}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="side-foot">
        {session.readOnly.value ? <Pill tone="plain">read only</Pill> : null}
        <ThemeButton />
        {session.token.value === null ? null : (
          <button type="button" class="quiet" onClick={() => changeToken(session, null, window)}>
            <Icon name="out" />
            <span class="word">Forget token</span>
          </button>
        )}
        <small class="version">{status === undefined ? '' : `version ${status.version}`}</small>
      </div>
    </header>
  );
}

function Waiting() {
  return (
    <p class="waiting" aria-busy="true">
      Asking the balancer…
    </p>
  );
}

function useRoute(): Route {
  const route = useSignal(parseRoute(window.location.hash));
  useEffect(() => {
    const read = () => {
      route.value = parseRoute(window.location.hash);
    };
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  return route.value;
}
