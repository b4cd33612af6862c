import { BlockList } from 'node:net';
import { DEFAULT_POOL } from '../config/index.ts';
import type { TraceQuestion } from '../report/index.ts';
import type { DesiredProxy, DesiredRoute, DesiredSniRoute } from './desired.ts';
import { familyOf } from './families.ts';

/** What chooses the pool of a connection: its name, and how it came to that, one sentence a step. */
export interface TracedRoute {
  /** `default`, or the source or host name of the route. */
  readonly pool: string;
  readonly steps: readonly string[];
}

/** The pool that a proxy sends a connection to: of its source routes, else its SNI routes, else the default one. */
export function traceRoute(proxy: DesiredProxy, question: Omit<TraceQuestion, 'destination'>): TracedRoute {
  const { client } = question;
  const route = mostSpecific(proxy.sourceRoutes, client);
  if (route !== undefined) {
    const step = `${client} is in ${route.source}, the most specific source route that has it`;
    return { pool: route.source, steps: [step] };
  }
  const { sourceRoutes, sniRoutes } = proxy;
  const none = noneHas(sourceRoutes.length, 'source route', client);
  if (sniRoutes.length > 0 && question.protocol === 'tcp') {
    const { pool, step } = byName(sniRoutes, question.sni);
    return { pool, steps: sourceRoutes.length === 0 ? [step] : [none, step] };
  }
  const step =
    sourceRoutes.length === 0
      ? 'there are no source routes: the default targets serve everybody'
      : `${none}: the default targets serve it`;
  return { pool: DEFAULT_POOL, steps: question.sni === undefined ? [step] : [step, NAMES_DO_NOT_MATTER] };
}

const NAMES_DO_NOT_MATTER = 'the name that it asks for does not matter: there are no SNI routes for it';

/** The route with the longest prefix that has the client. */
function mostSpecific(routes: readonly DesiredRoute[], client: string): DesiredRoute | undefined {
  const length = ({ source }: DesiredRoute) => Number(source.split('/')[1]);
  return routes
    .filter(({ source }) => familyOf(source) === familyOf(client) && contains(source, client))
    .toSorted((a, b) => length(b) - length(a))[0];
}

function contains(source: string, client: string): boolean {
  const [network = '', length] = source.split('/');
  const family = familyOf(source);
  const list = new BlockList();
  list.addSubnet(network, Number(length), `ipv${family}`);
  return list.check(client, `ipv${family}`);
}

/** A whole name is stronger than a wildcard, which stands for one label. */
function byName(
  routes: readonly DesiredSniRoute[],
  asked: string | undefined,
): { readonly pool: string; readonly step: string } {
  if (asked === undefined) {
    const step = `the host name in its first bytes chooses an SNI route (--sni NAME shows which); without one the default targets serve it`;
    return { pool: DEFAULT_POOL, step };
  }
  const name = asked.toLowerCase();
  const wildcard = name.replace(/^[^.]*(?=\.)/, '*');
  const has = (wanted: string) => routes.some((route) => route.name === wanted);
  if (has(name)) return { pool: name, step: `${name} has an SNI route of its own` };
  if (has(wildcard)) return { pool: wildcard, step: `${name} is a name of the SNI route ${wildcard}` };
  return {
    pool: DEFAULT_POOL,
    step: `${noneHas(routes.length, 'SNI route', name)}: the default targets serve it`,
  };
}

function noneHas(number: number, what: string, which: string): string {
  return number === 1
    ? `the only ${what} does not have ${which}`
    : `none of the ${number} ${what}s has ${which}`;
}
