import type { Tables } from '../datapath/index.ts';
import {
  emptyTables,
  listenerKey,
  routeKey,
  sniRouteKey,
  type TableState,
  targetKey,
} from './table-state.ts';

/** The rows of every table. */
export type TableReader = Pick<
  Tables,
  | 'proxyNames'
  | 'targets'
  | 'pools'
  | 'readSlots'
  | 'listeners'
  | 'sourceRoutes'
  | 'sourceLimits'
  | 'sniRoutes'
>;

/** Reads what the kernel's tables hold, e.g. what a former daemon left. */
export async function loadTables(tables: TableReader): Promise<TableState> {
  const state = emptyTables();
  for (const { id, name } of await tables.proxyNames()) state.proxies.set(name, id);
  for (const target of await tables.targets()) {
    state.targets.set(targetKey(target.proxyId, target.address, target.port), target);
  }
  for (const pool of await tables.pools())
    state.pools.set(pool.id, { ...pool, slots: tables.readSlots(pool) });
  for (const listener of await tables.listeners()) state.listeners.set(listenerKey(listener), listener);
  for (const route of await tables.sourceRoutes()) {
    state.routes.set(routeKey(route.proxyId, route.source), route);
  }
  for (const limit of await tables.sourceLimits()) state.limits.set(limit.proxyId, limit);
  for (const route of await tables.sniRoutes()) state.sniRoutes.set(sniRouteKey(route), route);
  return state;
}
