/** The pages, in the order of the navigation. */
export const PAGES = ['overview', 'proxies', 'connections', 'routes', 'events', 'config'] as const;

/** One of {@link PAGES}. */
export type Page = (typeof PAGES)[number];

/** What is looked at: a page, and what it is narrowed to. */
export interface Route {
  readonly page: Page;
  readonly query: Readonly<Record<string, string>>;
}

/** Reads `#/connections?proxy=web`; anything unknown is the overview. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const page = PAGES.find((each) => each === path) ?? 'overview';
  return { page, query: Object.fromEntries(new URLSearchParams(query)) };
}

/** The address of a route; empty words are left out. */
export function formatRoute({ page, query }: Route): string {
  const words = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== ''));
  return `#/${page}${words.size === 0 ? '' : `?${words}`}`;
}
