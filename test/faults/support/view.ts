import { join } from 'node:path';
import { listenerKey } from '../../../src/control/table-state.ts';
import { decodeAddress } from '../../../src/datapath/address.ts';
import { POOL_SIZE, readPool, readTarget } from '../../../src/datapath/generated/abi.ts';
import type { ListenerEntry, PoolEntry, SourceRouteEntry } from '../../../src/datapath/index.ts';
import { decodeShape } from '../../../src/datapath/pool-shape.ts';
import { Tables } from '../../../src/datapath/tables.ts';
import { u32Key } from '../../../src/datapath/u32-key.ts';
import { BpfMap, walkMap } from '../../../src/libbpf/index.ts';
import { type Pinned, pinFolder, readPinned } from '../../support/pinned.ts';

/** Targets of a pool with the number of their slots. */
type PoolView = Readonly<Record<string, number>>;

/** What an instance does with packets, however it came to it: free of ids, which depend on the past. */
export interface View {
  /** By `address:port/protocol`. */
  readonly listeners: Readonly<Record<string, ListenerView>>;
  /** Pools that nothing points to, and source routes of proxies without a listener. */
  readonly orphans: readonly string[];
  /** Which program is at which hook, `2_tc_ingress: tc_ingress`; one that is not pinned is `another`. */
  readonly links: Readonly<Record<string, string>>;
  /** What XDP knows of the interfaces that have links: bytes as hex, by index. */
  readonly devices: Readonly<Record<string, string>>;
}

interface ListenerView {
  readonly proxy: string;
  readonly snat: boolean;
  readonly pool: PoolView;
  /** By source prefix. */
  readonly routes: Readonly<Record<string, PoolView>>;
}

/** Reads an instance's view out of the kernel, past its daemon. */
export async function readView(instance: string): Promise<View> {
  using maps = openMaps(instance);
  const listeners = await maps.tables.listeners();
  const routes = await maps.tables.sourceRoutes();
  const pools = await readPools(maps);
  const names = new Map((await maps.tables.proxyNames()).map(({ id, name }) => [id, name]));
  const targetsOf = (poolId: number) => countTargets(maps, pools.get(poolId));
  const viewOf = ({ proxyId, poolId, snat, sourceRoutes }: ListenerEntry): ListenerView => {
    const own = routes.filter((route) => sourceRoutes && route.proxyId === proxyId);
    return {
      proxy: names.get(proxyId) ?? `nameless ${proxyId}`,
      snat,
      pool: targetsOf(poolId),
      routes: Object.fromEntries(own.map((route) => [route.source, targetsOf(route.poolId)])),
    };
  };
  const pinned = readPinned(instance);
  return {
    listeners: Object.fromEntries(listeners.map((each) => [listenerKey(each), viewOf(each)])),
    orphans: orphansOf(listeners, routes, [...pools.keys()]),
    links: linksOf(pinned),
    devices: devicesOf(pinned, maps.devices),
  };
}

interface ViewMaps extends Disposable {
  readonly tables: Tables;
  readonly pools: BpfMap;
  readonly targets: BpfMap;
  readonly devices: BpfMap;
}

function openMaps(instance: string): ViewMaps {
  const open = (name: string) => BpfMap.fromPin(join(pinFolder(instance), 'maps', name));
  const maps = {
    listeners: open('listeners'),
    sourceRoutes: open('source_routes'),
    sourceLimits: open('source_limits'),
    pools: open('pools'),
    slots: open('slots'),
    targets: open('targets'),
    proxyNames: open('proxy_names'),
    metadata: open('metadata'),
    sniRoutes: open('sni_routes'),
    lateSecrets: open('late_secrets'),
    devices: open('devices'),
  };
  return {
    tables: new Tables(maps),
    pools: maps.pools,
    targets: maps.targets,
    devices: maps.devices,
    [Symbol.dispose]: () => {
      for (const map of Object.values(maps)) map.close();
    },
  };
}

/** Pools with slots. Most of the table is empty, and a sweep reads it often. */
async function readPools({ pools }: ViewMaps): Promise<ReadonlyMap<number, PoolEntry>> {
  const found = new Map<number, PoolEntry>();
  for await (const { count, keys, values } of walkMap(pools, { chunkEntries: pools.info.maxEntries })) {
    for (let row = 0; row < count; row++) {
      if (values.readBigUInt64LE(row * POOL_SIZE) === 0n) continue;
      const id = keys.readUInt32LE(row * 4);
      const { slotBase, shape } = readPool(values, row * POOL_SIZE);
      const pool = { id, slotBase, ...decodeShape(shape) };
      if (pool.slotCount > 0) found.set(id, pool);
    }
  }
  return found;
}

function countTargets({ tables, targets }: ViewMaps, pool: PoolEntry | undefined): PoolView {
  const counts = new Map<number, number>();
  for (const id of pool === undefined ? [] : tables.readSlots(pool)) {
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const named = [...counts].map(([id, count]) => [targetName(targets, id), count] as const);
  return Object.fromEntries(named.sort());
}

function targetName(targets: BpfMap, id: number): string {
  const value = targets.lookup(u32Key(id));
  if (value === null) return `unknown target ${id}`;
  const { address, port } = readTarget(value);
  return `${decodeAddress(address.bytes)}:${port}`;
}

function orphansOf(
  listeners: readonly ListenerEntry[],
  routes: readonly SourceRouteEntry[],
  pools: readonly number[],
): readonly string[] {
  const used = new Set([...listeners, ...routes].map(({ poolId }) => poolId));
  const served = new Set(listeners.map(({ proxyId }) => proxyId));
  const lonelyPools = pools.filter((id) => !used.has(id)).map((id) => `pool ${id}`);
  const lonelyRoutes = routes.filter(({ proxyId }) => !served.has(proxyId));
  return [...lonelyPools, ...lonelyRoutes.map(({ proxyId, source }) => `route ${source} of ${proxyId}`)];
}

function linksOf({ links, programs }: Pinned): Readonly<Record<string, string>> {
  const nameOf = (id: number) => Object.entries(programs).find(([, each]) => each === id)?.[0] ?? 'another';
  return Object.fromEntries(Object.entries(links).map(([link, program]) => [link, nameOf(program)]));
}

function devicesOf({ links }: Pinned, devices: BpfMap): Readonly<Record<string, string>> {
  const indexes = [...new Set(Object.keys(links).map((name) => Number.parseInt(name, 10)))];
  const read = (index: number) => devices.lookup(u32Key(index));
  return Object.fromEntries(indexes.map((index) => [index, read(index)?.toString('hex') ?? 'none']));
}
