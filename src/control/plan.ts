import ipaddr from 'ipaddr.js';
import { type Algorithm, type Family, formatEndpoint } from '../config/index.ts';
import {
  type ListenerEntry,
  nameHash,
  type PoolAlgorithm,
  type SniRouteEntry,
  type SourceLimitEntry,
  type SourceRouteEntry,
  type TargetEntry,
} from '../datapath/index.ts';
import { SluiceError } from '../errors/index.ts';
import type {
  DesiredListener,
  DesiredProxy,
  DesiredRoute,
  DesiredSniRoute,
  DesiredState,
  DesiredTarget,
} from './desired.ts';
import { FAMILIES, familyOf, ofFamily } from './families.ts';
import { IdAllocator } from './id-allocator.ts';
import type { WeightedTarget } from './maglev.ts';
import { sameFields, samePool } from './same.ts';
import { fillSlotTable, type SlotPlan } from './slot-table.ts';
import { listenerKey, routeKey, sniRouteKey, type TableState, targetKey } from './table-state.ts';

const EVERY_V4 = '0.0.0.0/0';
const MAPPED_V4 = '::ffff:0:0';

/** One write to the kernel's tables. */
export type Step =
  | { readonly kind: 'name-proxy'; readonly id: number; readonly name: string }
  | { readonly kind: 'set-target'; readonly target: TargetEntry }
  | {
      readonly kind: 'fill-pool';
      readonly id: number;
      readonly algorithm: PoolAlgorithm;
      readonly slots: Uint32Array;
    }
  | { readonly kind: 'set-route'; readonly route: SourceRouteEntry }
  | { readonly kind: 'set-sni-route'; readonly route: SniRouteEntry }
  | { readonly kind: 'set-listener'; readonly listener: ListenerEntry }
  | { readonly kind: 'set-source-limit'; readonly limit: SourceLimitEntry }
  | { readonly kind: 'delete-source-limit'; readonly proxyId: number }
  | { readonly kind: 'delete-listener'; readonly listener: ListenerEntry }
  | { readonly kind: 'delete-route'; readonly route: SourceRouteEntry }
  | { readonly kind: 'delete-sni-route'; readonly route: SniRouteEntry }
  | { readonly kind: 'free-pool'; readonly id: number };

/** How many ids each table has. */
export interface TableLimits {
  readonly proxies: number;
  readonly targets: number;
  readonly pools: number;
}

/** Works out the slots of a pool. */
export type FillSlots = (targets: readonly WeightedTarget[], plan: SlotPlan) => Uint32Array;

/**
 * Works out the writes that turn `current` into `desired`, and nothing more: planning what is already there
 * gives no step. Their order is safe at every point: what is pointed to is written before what points to it, and
 * removed after.
 * @throws SluiceError `capacity` when a table has no ids left.
 */
export function plan(
  current: TableState,
  desired: DesiredState,
  limits: TableLimits,
  fill: FillSlots = fillSlotTable,
): Step[] {
  const draft = new Draft(current, limits, (targets, algorithm) =>
    fill(targets, { algorithm, hashTableSize: desired.hashTableSize }),
  );
  for (const proxy of desired.proxies) draft.planProxy(proxy);
  return draft.finish();
}

/** Works out the slots of a pool of this plan. */
type Fill = (targets: readonly WeightedTarget[], algorithm: Algorithm) => Uint32Array;

/** Collects the steps of one plan, and the ids that are taken while planning. */
class Draft {
  readonly #current: TableState;
  readonly #fill: Fill;
  readonly #proxyIds: IdAllocator;
  readonly #targetIds: IdAllocator;
  readonly #poolIds: IdAllocator;
  /** Ids of the default pools that listeners point to, by {@link familyKey}. */
  readonly #defaultPools: ReadonlyMap<string, number>;
  readonly #keptListeners = new Set<string>();
  readonly #keptRoutes = new Set<string>();
  readonly #keptLimits = new Set<number>();
  readonly #keptSniRoutes = new Set<string>();
  readonly #keptPools = new Set<number>();
  readonly #plannedTargets = new Map<string, TargetEntry>();
  readonly #names: Step[] = [];
  readonly #targets: Step[] = [];
  readonly #pools: Step[] = [];
  readonly #routes: Step[] = [];
  readonly #limits: Step[] = [];
  readonly #listeners: Step[] = [];

  constructor(current: TableState, limits: TableLimits, fill: Fill) {
    this.#current = current;
    this.#fill = fill;
    this.#defaultPools = new Map(
      [...current.listeners.values()].map((l) => [familyKey(l.proxyId, familyOf(l.address)), l.poolId]),
    );
    this.#proxyIds = new IdAllocator('proxies', limits.proxies, current.proxies.values());
    this.#targetIds = new IdAllocator('targets', limits.targets, ids(current.targets.values()));
    this.#poolIds = new IdAllocator('pools', limits.pools, poolIds(current));
  }

  planProxy(proxy: DesiredProxy): void {
    const proxyId = this.#proxyId(proxy.name);
    if (proxy.sourceLimit !== null) this.#setLimit({ proxyId, ...proxy.sourceLimit });
    const pools = new Map(FAMILIES.map((family) => [family, this.#planFamily(proxyId, proxy, family)]));
    for (const route of proxy.sourceRoutes) this.#planRoute(proxyId, route);
    for (const route of proxy.sniRoutes) this.#planSniRoute(proxyId, proxy, route);
    const poolId = pools.get(4) ?? null;
    if (poolId !== null && coversV4(proxy.sourceRoutes))
      this.#setRoute({ proxyId, source: EVERY_V4, poolId });
  }

  /** A client and its target have one family, so each family has listeners and a default pool of its own. */
  #planFamily(proxyId: number, proxy: DesiredProxy, family: Family): number | null {
    const targets = ofFamily(family, proxy.defaultTargets);
    const listeners = ofFamily(family, proxy.listeners);
    if (listeners.length > 0) {
      const pool = { targets, algorithm: proxy.algorithm };
      const poolId = this.#planPool(proxyId, pool, this.#defaultPools.get(familyKey(proxyId, family)));
      for (const where of listeners) this.#planListener(proxyId, proxy, poolId, where);
      return poolId;
    }
    // Nothing points to a default pool then, but the targets still have flows and counters.
    for (const target of targets) this.#planTarget(proxyId, target);
    return null;
  }

  #planListener(proxyId: number, proxy: DesiredProxy, poolId: number, where: DesiredListener): void {
    const listener: ListenerEntry = {
      ...where,
      proxyId,
      poolId,
      snat: proxy.mode === 'snat',
      sourceRoutes: proxy.sourceRoutes.length > 0,
      sourceLimit: proxy.sourceLimit !== null,
      ...lateBinding(proxy, where),
    };
    const key = listenerKey(where);
    this.#keptListeners.add(key);
    if (!sameFields(this.#current.listeners.get(key), listener)) {
      this.#listeners.push({ kind: 'set-listener', listener });
    }
  }

  finish(): Step[] {
    const { listeners, routes, sniRoutes, limits, pools } = this.#current;
    const gone: Step[] = [];
    for (const [key, listener] of listeners) {
      if (!this.#keptListeners.has(key)) gone.push({ kind: 'delete-listener', listener });
    }
    for (const [key, route] of routes) {
      if (!this.#keptRoutes.has(key)) gone.push({ kind: 'delete-route', route });
    }
    for (const proxyId of limits.keys()) {
      if (!this.#keptLimits.has(proxyId)) gone.push({ kind: 'delete-source-limit', proxyId });
    }
    for (const [key, route] of sniRoutes) {
      if (!this.#keptSniRoutes.has(key)) gone.push({ kind: 'delete-sni-route', route });
    }
    for (const id of pools.keys()) {
      if (!this.#keptPools.has(id)) gone.push({ kind: 'free-pool', id });
    }
    return [
      ...this.#names,
      ...this.#targets,
      ...this.#pools,
      ...this.#routes,
      ...this.#limits,
      ...this.#listeners,
      ...gone,
    ];
  }

  #proxyId(name: string): number {
    const known = this.#current.proxies.get(name);
    if (known !== undefined) return known;
    const id = this.#proxyIds.take();
    this.#names.push({ kind: 'name-proxy', id, name });
    return id;
  }

  #planRoute(proxyId: number, desired: DesiredRoute): void {
    const current = this.#current.routes.get(routeKey(proxyId, desired.source))?.poolId;
    const isShared = current !== undefined && [...this.#defaultPools.values()].includes(current);
    const targets = ofFamily(familyOf(desired.source), desired.targets);
    const pool = { targets, algorithm: desired.algorithm };
    const poolId = this.#planPool(proxyId, pool, isShared ? undefined : current);
    this.#setRoute({ proxyId, source: desired.source, poolId });
  }

  #setLimit(limit: SourceLimitEntry): void {
    this.#keptLimits.add(limit.proxyId);
    if (!sameFields(this.#current.limits.get(limit.proxyId), limit)) {
      this.#limits.push({ kind: 'set-source-limit', limit });
    }
  }

  /** One row for each IP version that the proxy listens on: a name without targets of it has an empty pool. */
  #planSniRoute(proxyId: number, proxy: DesiredProxy, desired: DesiredSniRoute): void {
    const families = FAMILIES.filter((family) => ofFamily(family, proxy.listeners).length > 0);
    for (const family of families) {
      const where = { proxyId, nameHash: nameHash(desired.name), family };
      const key = sniRouteKey(where);
      const current = this.#current.sniRoutes.get(key);
      const pool = { targets: ofFamily(family, desired.targets), algorithm: desired.algorithm };
      const poolId = this.#planPool(proxyId, pool, current?.poolId);
      const route: SniRouteEntry = { ...where, poolId };
      this.#keptSniRoutes.add(key);
      if (!sameFields(current, route)) this.#routes.push({ kind: 'set-sni-route', route });
    }
  }

  #setRoute(route: SourceRouteEntry): void {
    const key = routeKey(route.proxyId, route.source);
    this.#keptRoutes.add(key);
    if (!sameFields(this.#current.routes.get(key), route)) this.#routes.push({ kind: 'set-route', route });
  }

  /** Plans the pool and its targets; returns its id, which stays the same while its content changes. */
  #planPool(proxyId: number, pool: DesiredPool, knownId: number | undefined): number {
    const id = knownId ?? this.#poolIds.take();
    const algorithm = poolAlgorithm(pool.algorithm);
    const weighted = pool.targets.map((target) => ({
      id: this.#planTarget(proxyId, target),
      key: formatEndpoint({ ip: target.address, port: target.port }),
      weight: target.weight,
    }));
    const slots = this.#fill(weighted, pool.algorithm);
    this.#keptPools.add(id);
    if (!samePool(this.#current.pools.get(id), { algorithm, slots })) {
      this.#pools.push({ kind: 'fill-pool', id, algorithm, slots });
    }
    return id;
  }

  #planTarget(proxyId: number, desired: DesiredTarget): number {
    const key = targetKey(proxyId, desired.address, desired.port);
    const current = this.#plannedTargets.get(key) ?? this.#current.targets.get(key);
    const target: TargetEntry = {
      id: current?.id ?? this.#targetIds.take(),
      proxyId,
      address: desired.address,
      port: desired.port,
      local: desired.local,
      proxyHeader: desired.proxyHeader,
      // While there is no route the last address stands: flows that wait for the route keep theirs.
      snatAddress: desired.snatAddress ?? current?.snatAddress ?? null,
      intervalNs: desired.intervalNs,
      toleranceNs: desired.toleranceNs,
    };
    if (!sameFields(current, target)) {
      this.#targets.push({ kind: 'set-target', target });
      this.#plannedTargets.set(key, target);
    }
    return target.id;
  }
}

/** What a pool is made of. */
interface DesiredPool {
  readonly algorithm: Algorithm;
  readonly targets: readonly DesiredTarget[];
}

/** Least connections is random by weights that follow the open connections. */
function poolAlgorithm(algorithm: Algorithm): PoolAlgorithm {
  return algorithm === 'least-connections' ? 'weighted-random' : algorithm;
}

/**
 * True when a route for IPv6 clients also matches IPv4 clients, which are ::ffff:a.b.c.d in the table: those of `::/0`
 * and its like. Then IPv4 clients need a route that is more specific, unless they have one.
 */
function coversV4(routes: readonly DesiredRoute[]): boolean {
  if (routes.some(({ source }) => source === EVERY_V4)) return false;
  return routes.some(
    ({ source }) =>
      familyOf(source) === 6 && ipaddr.IPv6.parse(MAPPED_V4).match(ipaddr.IPv6.parseCIDR(source)),
  );
}

/** What is said of a listener whose connections are bound when the client has said which name it wants. */
function lateBinding(
  { sniRoutes, mss }: DesiredProxy,
  { protocol, address }: DesiredListener,
): Pick<ListenerEntry, 'sniRoutes' | 'mss'> {
  const late = sniRoutes.length > 0 && protocol === 'tcp';
  return { sniRoutes: late, mss: late ? mss[familyOf(address)] : 0 };
}

function familyKey(proxyId: number, family: Family): string {
  return `${proxyId} ${family}`;
}

function* ids(targets: Iterable<TargetEntry>): Iterable<number> {
  for (const target of targets) yield target.id;
}

/** Ids of all pools, also of empty ones, which only those know that point to them. */
function* poolIds({ pools, listeners, routes, sniRoutes }: TableState): Iterable<number> {
  yield* pools.keys();
  const pointing = [...listeners.values(), ...routes.values(), ...sniRoutes.values()];
  for (const { poolId } of pointing) yield poolId;
}

/** @throws SluiceError `internal`: a step of no known kind, which the type excludes. */
export function describeStep(step: Step): string {
  switch (step.kind) {
    case 'name-proxy':
      return `proxy ${step.name} gets id ${step.id}`;
    case 'set-target':
      return `target ${formatEndpoint({ ip: step.target.address, port: step.target.port })} gets id ${step.target.id}`;
    case 'fill-pool':
      return `pool ${step.id}: fill ${step.slots.length} slots, ${step.algorithm}`;
    case 'set-route':
      return `source ${step.route.source} goes to pool ${step.route.poolId}`;
    case 'set-sni-route':
      return `name ${step.route.nameHash.toString(16)} goes to pool ${step.route.poolId}`;
    case 'delete-sni-route':
      return `remove the route of name ${step.route.nameHash.toString(16)}`;
    case 'set-listener':
      return `listen on ${listenerKey(step.listener)}`;
    case 'set-source-limit':
      return `sources of proxy ${step.limit.proxyId} get a limit`;
    case 'delete-source-limit':
      return `sources of proxy ${step.proxyId} have no limit any more`;
    case 'delete-listener':
      return `stop listening on ${listenerKey(step.listener)}`;
    case 'delete-route':
      return `remove the route of source ${step.route.source}`;
    case 'free-pool':
      return `free pool ${step.id}`;
    default:
      throw new SluiceError('internal', `unknown step ${JSON.stringify(step satisfies never)}`);
  }
}
