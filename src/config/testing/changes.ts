import fc from 'fast-check';
import type { Change } from '../changes/change.ts';

/** What changes of a test may speak of. */
export interface ChangeWorld {
  readonly interfaces: readonly string[];
  /** Addresses of targets. */
  readonly targets: readonly string[];
}

const SOURCES = ['10.1.0.0/16', '10.1.1.0/24', '10.1.2.0/24', '0.0.0.0/0'];
const HOSTNAMES = ['api.example', 'web.example'];

/** Changes, most of them possible and some not, of a few proxies, routes and targets. */
export function anyChange({ interfaces, targets }: ChangeWorld): fc.Arbitrary<Change> {
  const proxy = fc.constantFrom('p0', 'p1', 'p2', 'p3');
  const port = fc.constantFrom(80, 8080);
  const address = fc.constantFrom(...targets);
  const pool = fc.option(fc.constantFrom(...SOURCES, ...HOSTNAMES), { nil: undefined, freq: 2 });
  const weight = fc.integer({ min: 1, max: 100 });
  const target = fc.record({ ip: address, port, weight }, { requiredKeys: ['ip', 'port'] });
  const name = fc.tuple(address, port).map(([ip, number]) => `${ip}:${number}`);
  const equal = fc.uniqueArray(fc.record({ ip: address, port }), {
    minLength: 1,
    maxLength: 4,
    selector: (each) => `${each.ip}:${each.port}`,
  });
  const listen = fc.record({
    interfaces: fc.subarray([...interfaces], { minLength: 1 }),
    port: fc.integer({ min: 1000, max: 1005 }),
    protocol: fc.constantFrom('tcp', 'udp', 'both'),
  });
  const route = (source: string) => equal.map((list) => ({ source, targets: list }));
  const sniRoute = (sniHostname: string) => equal.map((list) => ({ sniHostname, targets: list }));
  const sourceRoute = fc.constantFrom(...SOURCES).chain(route);
  const hostRoute = fc.constantFrom(...HOSTNAMES).chain(sniRoute);
  const document = (chosen: fc.Arbitrary<string>) =>
    fc.record({
      name: chosen,
      listen,
      defaultTarget: equal,
      mode: fc.constantFrom('nat', 'snat'),
      sourceRoutes: fc.uniqueArray(sourceRoute, { maxLength: 2, selector: ({ source }) => source }),
    });
  const some = fc.subarray([...interfaces], { minLength: 1 });
  const weights = fc.oneof(fc.constant('equal' as const), fc.dictionary(name, weight, { maxKeys: 2 }));
  return fc.oneof(
    fc.record({ kind: fc.constant('addProxy' as const), proxy: document(proxy) }),
    proxy.chain((of) =>
      fc.record({
        kind: fc.constant('setProxy' as const),
        name: fc.constant(of),
        proxy: document(fc.constant(of)),
      }),
    ),
    fc.record({ kind: fc.constant('removeProxy' as const), name: proxy }),
    fc.record({ kind: fc.constant('addTarget' as const), proxy, pool, target }),
    fc.record({ kind: fc.constant('addTarget' as const), proxy, pool, target }),
    fc.record({ kind: fc.constant('removeTarget' as const), proxy, pool, target: name }),
    fc.record({ kind: fc.constant('setWeights' as const), proxy, pool, weights }),
    fc.record({ kind: fc.constant('addSourceRoute' as const), proxy, route: sourceRoute }),
    sourceRoute.chain((of) =>
      fc.record({
        kind: fc.constant('setSourceRoute' as const),
        proxy,
        source: fc.constant(of.source),
        route: fc.constant(of),
      }),
    ),
    fc.record({
      kind: fc.constant('removeSourceRoute' as const),
      proxy,
      source: fc.constantFrom(...SOURCES),
    }),
    fc.record({ kind: fc.constant('addSniRoute' as const), proxy, route: hostRoute }),
    hostRoute.chain((of) =>
      fc.record({
        kind: fc.constant('setSniRoute' as const),
        proxy,
        hostname: fc.constant(of.sniHostname),
        route: fc.constant(of),
      }),
    ),
    fc.record({
      kind: fc.constant('removeSniRoute' as const),
      proxy,
      hostname: fc.constantFrom(...HOSTNAMES),
    }),
    fc.record({ kind: fc.constant('attachInterfaces' as const), interfaces: some, proxy }),
    fc.record({ kind: fc.constant('detachInterfaces' as const), interfaces: some }),
  );
}
