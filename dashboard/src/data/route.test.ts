import { expect, it } from 'vitest';
import { formatRoute, PAGES, parseRoute } from './route.ts';

it('a route is read as it was written, whatever its words are', () => {
  for (const page of PAGES) {
    const route = { page, query: { proxy: 'a&b=#/?%', client: '[fd00::1]:80' } };
    expect(parseRoute(formatRoute(route))).toEqual(route);
  }
  expect(formatRoute({ page: 'events', query: { type: '' } })).toBe('#/events');
});

it('an unknown route is the overview', () => {
  for (const hash of ['', '#', '#/', '#/nowhere', '#token=x']) expect(parseRoute(hash).page).toBe('overview');
});
