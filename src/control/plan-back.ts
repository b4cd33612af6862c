import type { Step } from './plan.ts';
import { sameFields, samePool } from './same.ts';
import type { TableState } from './table-state.ts';

/**
 * Works out the writes that turn `current` back into `before`, a state that the same tables were in. As in a plan, what is
 * pointed to is written before what points to it, and removed after. Names and ids that were given stay given.
 */
export function planBack(current: TableState, before: TableState): Step[] {
  const pools = [...before.pools.values()].filter((pool) => !samePool(current.pools.get(pool.id), pool));
  return [
    ...changed(current.targets, before.targets).map((target): Step => ({ kind: 'set-target', target })),
    ...pools.map(({ id, algorithm, slots }): Step => ({ kind: 'fill-pool', id, algorithm, slots })),
    ...changed(current.routes, before.routes).map((route): Step => ({ kind: 'set-route', route })),
    ...changed(current.limits, before.limits).map((limit): Step => ({ kind: 'set-source-limit', limit })),
    ...changed(current.sniRoutes, before.sniRoutes).map((route): Step => ({ kind: 'set-sni-route', route })),
    ...changed(current.listeners, before.listeners).map(
      (listener): Step => ({ kind: 'set-listener', listener }),
    ),
    ...added(current.listeners, before.listeners).map(
      (listener): Step => ({ kind: 'delete-listener', listener }),
    ),
    ...added(current.routes, before.routes).map((route): Step => ({ kind: 'delete-route', route })),
    ...added(current.limits, before.limits).map(
      ({ proxyId }): Step => ({ kind: 'delete-source-limit', proxyId }),
    ),
    ...added(current.sniRoutes, before.sniRoutes).map((route): Step => ({ kind: 'delete-sni-route', route })),
    ...added(current.pools, before.pools).map(({ id }): Step => ({ kind: 'free-pool', id })),
  ];
}

/** A copy that stays as it is when steps change the state. */
export function copyState(state: TableState): TableState {
  return {
    proxies: new Map(state.proxies),
    targets: new Map(state.targets),
    pools: new Map(state.pools),
    listeners: new Map(state.listeners),
    routes: new Map(state.routes),
    limits: new Map(state.limits),
    sniRoutes: new Map(state.sniRoutes),
  };
}

/** Rows of `before` that are gone or other now. */
function changed<K, T extends object>(current: ReadonlyMap<K, T>, before: ReadonlyMap<K, T>): readonly T[] {
  return [...before].filter(([key, row]) => !sameFields(current.get(key), row)).map(([, row]) => row);
}

function added<K, T>(current: ReadonlyMap<K, T>, before: ReadonlyMap<K, T>): readonly T[] {
  return [...current].filter(([key]) => !before.has(key)).map(([, row]) => row);
}
