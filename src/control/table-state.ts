import { formatEndpoint } from '../config/index.ts';
import type {
  ListenerEntry,
  PoolEntry,
  SniRouteEntry,
  SourceLimitEntry,
  SourceRouteEntry,
  TargetEntry,
} from '../datapath/index.ts';

/** A pool with the content of its slots. */
export interface PoolState extends PoolEntry {
  /** Target ids, one per slot. */
  readonly slots: Uint32Array;
}

/** What the kernel's tables hold now. Changed only by `applyStep`, together with the kernel. */
export interface TableState {
  /** Proxy ids by name, also of proxies that are gone: their targets' counters live on. */
  readonly proxies: Map<string, number>;
  /** Targets by {@link targetKey}, also those in no pool any more. */
  readonly targets: Map<string, TargetEntry>;
  readonly pools: Map<number, PoolState>;
  /** Listeners by {@link listenerKey}. */
  readonly listeners: Map<string, ListenerEntry>;
  /** Source routes by {@link routeKey}. */
  readonly routes: Map<string, SourceRouteEntry>;
  /** Limits of sources by the id of their proxy. */
  readonly limits: Map<number, SourceLimitEntry>;
  /** SNI routes by {@link sniRouteKey}. */
  readonly sniRoutes: Map<string, SniRouteEntry>;
}

/** An empty state: what a fresh instance has. */
export function emptyTables(): TableState {
  return {
    proxies: new Map(),
    targets: new Map(),
    pools: new Map(),
    listeners: new Map(),
    routes: new Map(),
    limits: new Map(),
    sniRoutes: new Map(),
  };
}

/** What makes a target itself: its proxy, address and port. */
export function targetKey(proxyId: number, address: string, port: number): string {
  return `${proxyId} ${formatEndpoint({ ip: address, port })}`;
}

/** What makes a listener itself. */
export function listenerKey(listener: Pick<ListenerEntry, 'address' | 'port' | 'protocol'>): string {
  return `${formatEndpoint({ ip: listener.address, port: listener.port })}/${listener.protocol}`;
}

/** What makes a source route itself. */
export function routeKey(proxyId: number, source: string): string {
  return `${proxyId} ${source}`;
}

/** What makes an SNI route itself. */
export function sniRouteKey({ proxyId, nameHash, family }: Omit<SniRouteEntry, 'poolId'>): string {
  return `${proxyId} ${nameHash.toString(16)} IPv${family}`;
}
