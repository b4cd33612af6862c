import { join } from 'node:path';
import { formatEndpoint } from '../../src/config/index.ts';
import { loadTables } from '../../src/control/load-tables.ts';
import { listenerKey, type TableState } from '../../src/control/table-state.ts';
import { type ConfigMaps, Tables } from '../../src/datapath/tables.ts';
import { BpfMap } from '../../src/libbpf/index.ts';
import { pinFolder } from './pinned.ts';

/** What the kernel's tables mean, without the ids that they happen to have. */
export interface TablesByMeaning {
  /** `address:port/protocol` -> proxy, flags, and the targets of its pool, slot by slot. */
  readonly listeners: Readonly<Record<string, string>>;
  /** `proxy source` -> the targets of its pool, slot by slot. */
  readonly routes: Readonly<Record<string, string>>;
  /** `proxy, hash of the host name, IP version` -> the targets of its pool, slot by slot. */
  readonly sniRoutes: Readonly<Record<string, string>>;
  /** Proxy -> what a source may open. */
  readonly limits: Readonly<Record<string, string>>;
}

const MAPS = {
  listeners: 'listeners',
  sourceRoutes: 'source_routes',
  sourceLimits: 'source_limits',
  pools: 'pools',
  slots: 'slots',
  targets: 'targets',
  proxyNames: 'proxy_names',
  metadata: 'metadata',
  sniRoutes: 'sni_routes',
  lateSecrets: 'late_secrets',
} as const satisfies Record<keyof ConfigMaps, string>;

/** Reads the kernel's tables of an instance. @throws Error when it has none */
export async function tablesByMeaning(instance: string): Promise<TablesByMeaning> {
  const open = (name: string) => BpfMap.fromPin(join(pinFolder(instance), 'maps', name));
  const maps: ConfigMaps = {
    listeners: open(MAPS.listeners),
    sourceRoutes: open(MAPS.sourceRoutes),
    sourceLimits: open(MAPS.sourceLimits),
    pools: open(MAPS.pools),
    slots: open(MAPS.slots),
    targets: open(MAPS.targets),
    proxyNames: open(MAPS.proxyNames),
    metadata: open(MAPS.metadata),
    sniRoutes: open(MAPS.sniRoutes),
    lateSecrets: open(MAPS.lateSecrets),
  };
  try {
    return meaningOf(await loadTables(new Tables(maps)));
  } finally {
    for (const map of Object.values(maps)) map.close();
  }
}

function meaningOf(state: TableState): TablesByMeaning {
  const names = new Map([...state.proxies].map(([name, id]) => [id, name]));
  // A target keeps the address that it had while its proxy was in `snat` mode; packets ask for it only in that mode.
  const snat = new Set([...state.listeners.values()].filter((each) => each.snat).map((each) => each.proxyId));
  const targets = new Map(
    [...state.targets.values()].map((target) => {
      const { id, proxyId, address, port, local, proxyHeader, snatAddress } = target;
      const name = `${names.get(proxyId)}/${formatEndpoint({ ip: address, port })}/${local}/${proxyHeader}`;
      const rule = `${target.intervalNs}/${target.toleranceNs}`;
      return [id, `${name}/${snat.has(proxyId) ? snatAddress : '-'}/${rule}`];
    }),
  );
  const pool = (id: number) =>
    [
      state.pools.get(id)?.algorithm,
      ...[...(state.pools.get(id)?.slots ?? [])].map((target) => targets.get(target)),
    ].join(' ');
  const listeners = [...state.listeners.values()].map((listener): [string, string] => {
    const { proxyId, poolId, snat: isSnat, sourceRoutes, sniRoutes, sourceLimit, mss } = listener;
    const flags = [isSnat, sourceRoutes, sniRoutes, sourceLimit, mss].join(' ');
    return [listenerKey(listener), `${names.get(proxyId)} ${flags}: ${pool(poolId)}`];
  });
  const routes = [...state.routes.values()].map((route): [string, string] => [
    `${names.get(route.proxyId)} ${route.source}`,
    pool(route.poolId),
  ]);
  const named = [...state.sniRoutes.values()].map((route): [string, string] => [
    `${names.get(route.proxyId)} ${route.nameHash} IPv${route.family}`,
    pool(route.poolId),
  ]);
  const limits = [...state.limits.values()].map(({ proxyId, ...limit }): [string, string] => [
    `${names.get(proxyId)}`,
    Object.values(limit).join(' '),
  ]);
  return {
    listeners: Object.fromEntries(listeners),
    routes: Object.fromEntries(routes),
    sniRoutes: Object.fromEntries(named),
    limits: Object.fromEntries(limits),
  };
}
