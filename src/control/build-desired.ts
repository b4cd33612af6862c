import type { Config, ProxyConfig, TargetConfig } from '../config/index.ts';
import type { HostInterface, HostRoute } from '../host/index.ts';
import { effectiveWeights, type Factors } from '../weights/index.ts';
import { chooseInterfaces } from './choose-interfaces.ts';
import type { DesiredListener, DesiredProxy, DesiredState, DesiredTarget } from './desired.ts';
import { FAMILIES, familyOf, ofFamily } from './families.ts';
import type { HostView } from './host-view.ts';
import type { PoolName } from './load-watch.ts';
import { rateRule, sourceLimit } from './rate-rule.ts';
import { listenerKey } from './table-state.ts';
import { targetAddresses } from './target-addresses.ts';

/** A desired state, and what in the configuration could not be honoured on this host right now. */
export interface DesiredResult {
  readonly desired: DesiredState;
  readonly warnings: readonly string[];
}

/** Tells the factors of a target's weight. */
export type FactorsOf = (proxy: ProxyConfig, target: TargetConfig, pool: PoolName) => Factors;

/** What a proxy is built with. */
interface Surroundings {
  readonly host: HostView;
  readonly factorsOf: FactorsOf;
  readonly warnings: string[];
}

/** Every target has what is configured. */
function nothingTaken(): Factors {
  return {
    health: { value: 1, reason: 'not checked' },
    drain: { value: 1, reason: 'ready' },
    circuit: { value: 1, reason: 'no circuit breaker' },
    load: { value: 1, reason: 'not counted' },
  };
}

/**
 * Resolves a configuration against the host: interface names to addresses and indexes, targets to routes. What is
 * missing right now (an interface that is gone, an address not yet assigned) is left out with a warning.
 */
export function buildDesired(
  config: Config,
  host: HostView,
  factorsOf: FactorsOf = nothingTaken,
): DesiredResult {
  const warnings: string[] = [];
  const built = config.proxies.map((proxy) => buildProxy(proxy, { host, factorsOf, warnings }));
  const { proxies, conflicts } = shareOutListeners(built);
  const chosen = chooseInterfaces(config, host, warnings);
  const desired = { proxies, hashTableSize: config.settings.loadBalancing.hashTableSize, ...chosen };
  return { desired, warnings: [...new Set([...warnings, ...conflicts])] };
}

/** What two proxies both listen on, a sentence for each. */
export function sharedListeners(config: Config, host: HostView): readonly string[] {
  const built = config.proxies.map((proxy) => ({
    name: proxy.name,
    listeners: buildListeners(proxy, host, []),
  }));
  return shareOutListeners(built).conflicts;
}

/** What two proxies both listen on is the first one's. The text alone cannot tell: names and addresses meet here. */
function shareOutListeners<Listening extends Pick<DesiredProxy, 'name' | 'listeners'>>(
  built: readonly Listening[],
): {
  readonly proxies: readonly Listening[];
  readonly conflicts: readonly string[];
} {
  const owners = new Map<string, string>();
  const conflicts: string[] = [];
  const isFree = (proxy: string, listener: DesiredListener) => {
    const key = listenerKey(listener);
    const owner = owners.get(key);
    owners.set(key, owner ?? proxy);
    if (owner !== undefined) conflicts.push(`proxy ${proxy}: proxy ${owner} already listens on ${key}`);
    return owner === undefined;
  };
  const proxies = built.map((proxy) => ({
    ...proxy,
    listeners: proxy.listeners.filter((listener) => isFree(proxy.name, listener)),
  }));
  return { proxies, conflicts };
}

function buildProxy(proxy: ProxyConfig, surroundings: Surroundings): DesiredProxy {
  const { host, warnings } = surroundings;
  const build = (targets: readonly TargetConfig[], pool: PoolName) =>
    withEffectiveWeights(targets.flatMap((target) => buildTarget(proxy, target, pool, surroundings)));
  return {
    name: proxy.name,
    mode: proxy.mode,
    listeners: buildListeners(proxy, host, warnings),
    algorithm: proxy.algorithm,
    defaultTargets: build(proxy.defaultTargets, { pool: 'default', algorithm: proxy.algorithm }),
    sourceLimit: sourceLimit(proxy.rateLimits),
    sourceRoutes: proxy.sourceRoutes
      .filter(({ source }) => isReachable(proxy, source, warnings))
      .map(({ source, algorithm, targets }) => ({
        source,
        algorithm,
        targets: build(targets, { pool: source, algorithm }),
      })),
    sniRoutes: proxy.sniRoutes.map(({ sniHostname, algorithm, targets }) => ({
      name: sniHostname,
      algorithm,
      targets: build(targets, { pool: sniHostname, algorithm }),
    })),
    mss: longestSegments(proxy, host),
  };
}

/** Clients of another family than the listeners' never come; `::/0` must not match IPv4 clients either. */
function isReachable(proxy: ProxyConfig, source: string, warnings: string[]): boolean {
  if (listenFamilies(proxy).has(familyOf(source))) return true;
  warnings.push(
    `proxy ${proxy.name}: no client of source ${source} can come, it listens on the other IP version`,
  );
  return false;
}

/** A proxy listens on the addresses of its targets' family: families are not translated. */
function listenFamilies(proxy: ProxyConfig): ReadonlySet<4 | 6> {
  return new Set(proxy.defaultTargets.map(({ ip }) => (ip === undefined ? 4 : familyOf(ip))));
}

function buildTarget(
  proxy: ProxyConfig,
  target: TargetConfig,
  pool: PoolName,
  { host, factorsOf, warnings }: Surroundings,
): Omit<DesiredTarget, 'weight'>[] {
  if (target.ip === undefined) return [];
  const route = host.routes.get(target.ip) ?? null;
  if (!delivers(route)) {
    warnings.push(`proxy ${proxy.name}: no route to target ${target.ip}`);
  }
  const local = route?.type === 'local';
  const snatAddress = proxy.mode === 'snat' && !local && delivers(route) ? route.prefSource : null;
  const factors = factorsOf(proxy, target, pool);
  const { ip: address, port, weight: configuredWeight } = target;
  const rule = rateRule(target.rateLimit === undefined ? proxy.rateLimits.perBackend : target.rateLimit);
  const proxyHeader = target.proxyProtocol !== undefined;
  return [{ address, port, configuredWeight, factors, local, snatAddress, proxyHeader, ...rule }];
}

/** The targets of each IP version share the clients of theirs, so they are weighed among themselves. */
function withEffectiveWeights(targets: readonly Omit<DesiredTarget, 'weight'>[]): DesiredTarget[] {
  const isMixed = FAMILIES.every((family) => targets.some(({ address }) => familyOf(address) === family));
  if (!isMixed) return withWeights(targets, effectiveWeights(targets));
  const weightOf = new Map<object, number>();
  for (const family of FAMILIES) {
    const pool = ofFamily(family, targets);
    for (const [index, weight] of effectiveWeights(pool).entries()) weightOf.set(pool[index] ?? {}, weight);
  }
  return withWeights(
    targets,
    targets.map((target) => weightOf.get(target) ?? 0),
  );
}

function withWeights(
  targets: readonly Omit<DesiredTarget, 'weight'>[],
  weights: readonly number[],
): DesiredTarget[] {
  return targets.map((target, index) => ({ ...target, weight: weights[index] ?? 0 }));
}

/** No IP packet is longer. */
const MAX_MTU = 65_535;
/** IP and TCP header without options. */
const HEADERS = { 4: 40, 6: 60 } as const;

/** The longest TCP segment that the routes to all of a proxy's targets take, by IP version. */
function longestSegments(proxy: ProxyConfig, host: HostView): DesiredProxy['mss'] {
  const narrowest = { 4: MAX_MTU, 6: MAX_MTU };
  for (const address of new Set(targetAddresses([proxy]))) {
    const route = host.routes.get(address) ?? null;
    if (!delivers(route)) continue;
    const mtu = route.mtu ?? host.interfaces.find(({ name }) => name === route.dev)?.mtu ?? 0;
    const family = familyOf(address);
    if (mtu > 0) narrowest[family] = Math.min(narrowest[family], mtu);
  }
  return { 4: narrowest[4] - HEADERS[4], 6: narrowest[6] - HEADERS[6] };
}

function delivers(route: HostRoute | null): route is Extract<HostRoute, { dev: string }> {
  return route !== null && 'dev' in route;
}

function buildListeners(proxy: ProxyConfig, host: HostView, warnings: string[]): DesiredListener[] {
  const { addresses, port, protocols, interfaces } = proxy.listen;
  const families = listenFamilies(proxy);
  const wanted = addresses.length > 0 ? addresses : interfaces.flatMap((name) => addressesOf(name, host));
  const usable = [...new Set(wanted)].filter((address) => families.has(familyOf(address)));
  if (usable.length === 0) {
    warnings.push(`proxy ${proxy.name}: ${interfaces.join(', ')} has no address that it could listen on`);
  }
  return usable.flatMap((address) => protocols.map((protocol) => ({ address, port, protocol })));
}

/** Link-local addresses are left out: they mean something on one link only. */
function addressesOf(name: string, host: HostView): string[] {
  const found = host.interfaces.find((entry: HostInterface) => entry.name === name);
  return (found?.addresses ?? []).filter(({ scope }) => scope !== 'link').map(({ address }) => address);
}
