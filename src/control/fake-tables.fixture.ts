import { BlockList, isIPv6 } from 'node:net';
import type {
  ListenerEntry,
  PoolEntry,
  SniRouteEntry,
  SourceLimitEntry,
  SourceRouteEntry,
  TargetEntry,
} from '../datapath/index.ts';
import type { TableWriter } from './apply.ts';
import type { TableReader } from './load-tables.ts';
import { listenerKey, routeKey, sniRouteKey } from './table-state.ts';

/** Slots of the fake table: room for some sixty pools. */
export const FAKE_SLOTS = 65_536;

/** The kernel's tables in memory, read as its programs read them. */
export class FakeTables implements TableWriter, TableReader {
  readonly #names = new Map<number, string>();
  readonly #targets = new Map<number, TargetEntry>();
  readonly #pools = new Map<number, PoolEntry>();
  readonly #slots = new Uint32Array(FAKE_SLOTS);
  readonly #listeners = new Map<string, ListenerEntry>();
  readonly #routes = new Map<string, SourceRouteEntry>();
  readonly #limits = new Map<number, SourceLimitEntry>();
  readonly #sniRoutes = new Map<string, SniRouteEntry>();

  setProxyName(id: number, name: string): void {
    this.#names.set(id, name);
  }
  setTarget(entry: TargetEntry): void {
    this.#targets.set(entry.id, entry);
  }
  writeSlots(slotBase: number, targetIds: Uint32Array): void {
    this.#slots.set(targetIds, slotBase);
  }
  setPool(entry: PoolEntry): void {
    this.#pools.set(entry.id, entry);
  }
  setSourceRoute(entry: SourceRouteEntry): void {
    this.#routes.set(routeKey(entry.proxyId, entry.source), entry);
  }
  deleteSourceRoute(entry: Pick<SourceRouteEntry, 'proxyId' | 'source'>): void {
    this.#routes.delete(routeKey(entry.proxyId, entry.source));
  }
  setSourceLimit(entry: SourceLimitEntry): void {
    this.#limits.set(entry.proxyId, entry);
  }
  deleteSourceLimit(proxyId: number): void {
    this.#limits.delete(proxyId);
  }
  setSniRoute(entry: SniRouteEntry): void {
    this.#sniRoutes.set(sniRouteKey(entry), entry);
  }
  deleteSniRoute(entry: Omit<SniRouteEntry, 'poolId'>): void {
    this.#sniRoutes.delete(sniRouteKey(entry));
  }
  setListener(entry: ListenerEntry): void {
    this.#listeners.set(listenerKey(entry), entry);
  }
  deleteListener(entry: Pick<ListenerEntry, 'address' | 'port' | 'protocol'>): void {
    this.#listeners.delete(listenerKey(entry));
  }

  async proxyNames() {
    return [...this.#names].map(([id, name]) => ({ id, name }));
  }
  async targets() {
    return [...this.#targets.values()];
  }
  async pools() {
    return [...this.#pools.values()].filter(({ slotCount }) => slotCount > 0);
  }
  readSlots({ slotBase, slotCount }: PoolEntry): Uint32Array {
    return this.#slots.slice(slotBase, slotBase + slotCount);
  }
  async listeners() {
    return [...this.#listeners.values()];
  }
  async sourceLimits() {
    return [...this.#limits.values()];
  }
  async sourceRoutes() {
    return [...this.#routes.values()];
  }

  async sniRoutes() {
    return [...this.#sniRoutes.values()];
  }

  /** Where new connections of a client at a listener may go, as `proxy address:port`, sorted; null without listener. */
  reach(listener: string, client: string): readonly string[] | null {
    const entry = this.#listeners.get(listener);
    if (entry === undefined) return null;
    const pool = this.#pools.get(this.#selectPool(entry, client));
    const ids = new Set(pool === undefined ? [] : this.readSlots(pool));
    return [...ids].map((id) => this.#describe(id)).sort();
  }

  #selectPool(listener: ListenerEntry, client: string): number {
    if (!listener.sourceRoutes) return listener.poolId;
    const matching = [...this.#routes.values()].filter(
      ({ proxyId, source }) => proxyId === listener.proxyId && contains(source, client),
    );
    const best = matching.sort((a, b) => trieBits(b.source) - trieBits(a.source))[0];
    return best?.poolId ?? listener.poolId;
  }

  #describe(id: number): string {
    const target = this.#targets.get(id);
    if (target === undefined) return `unknown target ${id}`;
    return `${this.#names.get(target.proxyId) ?? 'nameless'} ${target.address}:${target.port}`;
  }
}

function prefixBits(cidr: string): number {
  return Number(cidr.split('/')[1]);
}

/** As the trie has them: IPv4 mapped into IPv6. */
function trieBits(cidr: string): number {
  return prefixBits(cidr) + (cidr.includes(':') ? 0 : 96);
}

/** Whether a prefix contains an address. */
export function contains(cidr: string, address: string): boolean {
  if (isIPv6(cidr.split('/')[0] ?? '') && !isIPv6(address)) return contains(cidr, `::ffff:${address}`);
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(
    cidr.split('/')[0] ?? '',
    prefixBits(cidr),
    isIPv6(cidr.split('/')[0] ?? '') ? 'ipv6' : 'ipv4',
  );
  return list.check(address, family);
}
