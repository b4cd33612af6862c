import fc from 'fast-check';
import type { Algorithm } from '../config/index.ts';
import type { DesiredProxy, DesiredRoute, DesiredSniRoute, DesiredState, DesiredTarget } from './desired.ts';

/** Prefixes that overlap, and a client for every case. */
export const SOURCES = ['10.0.0.0/8', '10.1.0.0/16', '10.1.2.3/32', '192.168.0.0/16'] as const;
export const CLIENTS = ['10.1.2.3', '10.1.9.9', '10.9.9.9', '192.168.1.1', '172.16.0.1'] as const;

/** Host names of routes: one that a wildcard covers, and one that it does not. */
export const NAMES = ['a.example', '*.example', 'example'] as const;

const HEALTHY = {
  health: { value: 1, reason: 'healthy' },
  drain: { value: 1, reason: 'ready' },
  circuit: { value: 1, reason: 'no circuit breaker' },
  load: { value: 1, reason: 'not counted' },
} as const;

/** A target with the fields that a test does not care about filled in. */
export function target(address: string, weight = 1, port = 80): DesiredTarget {
  return {
    address,
    port,
    weight,
    configuredWeight: weight,
    factors: HEALTHY,
    local: false,
    proxyHeader: false,
    snatAddress: null,
    intervalNs: 0,
    toleranceNs: 0,
  };
}

/** A proxy that listens on 192.0.2.1:80/tcp unless told otherwise. */
export function desiredProxy(name: string, overrides: Partial<DesiredProxy> = {}): DesiredProxy {
  return {
    name,
    mode: 'nat',
    algorithm: 'weighted-random',
    listeners: [{ address: '192.0.2.1', port: 80, protocol: 'tcp' }],
    defaultTargets: [target('10.0.0.1')],
    sourceRoutes: [],
    sourceLimit: null,
    sniRoutes: [],
    mss: { 4: 1460, 6: 1440 },
    ...overrides,
  };
}

/** A state of these proxies. */
export function desiredState(...proxies: readonly DesiredProxy[]): DesiredState {
  return { proxies, hashTableSize: 1021, interfaces: [], missing: [] };
}

const anyTarget: fc.Arbitrary<DesiredTarget> = fc
  .record({
    address: fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3', 'fd00::1'),
    port: fc.constantFrom(80, 81),
    weight: fc.integer({ min: 0, max: 100 }),
    configuredWeight: fc.constant(1),
    factors: fc.constant(HEALTHY),
    // The host decides these, for all proxies alike; that they change is tested by example.
    local: fc.constant(false),
    snatAddress: fc.constant(null),
    toleranceNs: fc.constant(0),
  })
  // A target has one limit and one header, in whatever pool it is.
  .map((target) => ({
    ...target,
    intervalNs: target.port === 81 ? 1000 : 0,
    proxyHeader: target.port === 81,
  }));

const anyPool = fc.uniqueArray(anyTarget, {
  maxLength: 4,
  selector: ({ address, port }) => `${address} ${port}`,
});

const anyAlgorithm = fc.constantFrom<Algorithm>('weighted-random', 'source-hash', 'maglev', 'round-robin');

const anyRoute: fc.Arbitrary<DesiredRoute> = fc.record({
  source: fc.constantFrom(...SOURCES),
  algorithm: anyAlgorithm,
  targets: anyPool,
});

const anyLimit = fc.record({
  intervalNs: fc.constantFrom(1000, 2000),
  toleranceNs: fc.constantFrom(0, 5000),
  ipv4PrefixLength: fc.constantFrom(24, 32),
  ipv6PrefixLength: fc.constant(64),
});

const anySniRoute: fc.Arbitrary<DesiredSniRoute> = fc.record({
  name: fc.constantFrom(...NAMES),
  algorithm: anyAlgorithm,
  targets: anyPool,
});

const anyListener = fc.record({
  address: fc.constantFrom('192.0.2.1', '192.0.2.2', '2001:db8::1'),
  port: fc.constantFrom(80, 443),
  protocol: fc.constantFrom('tcp' as const, 'udp' as const),
});

const anyProxy: fc.Arbitrary<DesiredProxy> = fc.record({
  name: fc.constantFrom('a', 'b', 'c'),
  mode: fc.constantFrom('nat' as const, 'snat' as const),
  algorithm: anyAlgorithm,
  listeners: fc.uniqueArray(anyListener, { maxLength: 3, selector: (each) => JSON.stringify(each) }),
  defaultTargets: anyPool,
  sourceRoutes: fc.uniqueArray(anyRoute, { maxLength: 3, selector: ({ source }) => source }),
  sourceLimit: fc.option(anyLimit),
  sniRoutes: fc.uniqueArray(anySniRoute, { maxLength: 3, selector: ({ name }) => name }),
  mss: fc.constant({ 4: 1460, 6: 1440 }),
});

/** Any state that a valid configuration can lead to: names and listeners are unique. */
export const anyState: fc.Arbitrary<DesiredState> = fc
  .uniqueArray(anyProxy, { maxLength: 3, selector: ({ name }) => name })
  .map((proxies) => {
    const taken = new Set<string>();
    const first = (each: unknown) => {
      const key = JSON.stringify(each);
      if (taken.has(key)) return false;
      taken.add(key);
      return true;
    };
    return desiredState(...proxies.map((each) => ({ ...each, listeners: each.listeners.filter(first) })));
  });
