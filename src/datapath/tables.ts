import { type BpfMap, updateBatch } from '../libbpf/index.ts';
import {
  decodeAddress,
  decodePrefix,
  encodeAddress,
  encodeMask,
  encodePrefix,
  maskBits,
  V4_MAPPED_BITS,
} from './address.ts';
import type {
  ListenerEntry,
  PoolEntry,
  RateRule,
  SniRouteEntry,
  SourceLimitEntry,
  SourceRouteEntry,
  TargetEntry,
} from './entries.ts';
import {
  LATE_SECRET_SIZE,
  LISTENER_KEY_SIZE,
  LISTENER_SIZE,
  ListenerFlag,
  METADATA_SIZE,
  type Metadata,
  POOL_SIZE,
  PROXY_NAME_SIZE,
  readLateSecret,
  readListener,
  readListenerKey,
  readMetadata,
  readPool,
  readSniRoute,
  readSniRouteKey,
  readSourceLimit,
  readSourceRoute,
  readSourceRouteKey,
  readTarget,
  SLOT_BLOCK_SIZE,
  SNI_ROUTE_SIZE,
  SOURCE_LIMIT_SIZE,
  SOURCE_ROUTE_KEY_SIZE,
  SOURCE_ROUTE_SIZE,
  TARGET_SIZE,
  TargetFlag,
  writeLateSecret,
  writeListener,
  writeListenerKey,
  writeMetadata,
  writePool,
  writeSniRoute,
  writeSourceLimit,
  writeSourceRoute,
  writeSourceRouteKey,
  writeTarget,
} from './generated/abi.ts';
import { decodeShape, encodeShape } from './pool-shape.ts';
import { protocolName, protocolNumber } from './protocols.ts';
import { filledRows, rows } from './rows.ts';
import { familyOf, sniRouteKey } from './sni-route-key.ts';
import { u32Key } from './u32-key.ts';

/** Target ids in one entry of the slots table. */
export const SLOTS_PER_BLOCK = SLOT_BLOCK_SIZE / 4;
const PROXY_PREFIX_BITS = 32;

/** The maps that hold the configuration. */
export interface ConfigMaps {
  readonly listeners: BpfMap;
  readonly sourceRoutes: BpfMap;
  readonly sourceLimits: BpfMap;
  readonly pools: BpfMap;
  readonly slots: BpfMap;
  readonly targets: BpfMap;
  readonly proxyNames: BpfMap;
  readonly metadata: BpfMap;
  readonly sniRoutes: BpfMap;
  readonly lateSecrets: BpfMap;
}

/** The kernel's configuration tables, row by row. A write is visible to the next packet. */
export class Tables {
  readonly #maps: ConfigMaps;

  constructor(maps: ConfigMaps) {
    this.#maps = maps;
  }

  setListener(entry: ListenerEntry): void {
    const value = Buffer.alloc(LISTENER_SIZE);
    const flags =
      (entry.sourceRoutes ? ListenerFlag.sourceRoutes : 0) |
      (entry.snat ? ListenerFlag.snat : 0) |
      (entry.sourceLimit ? ListenerFlag.sourceLimit : 0) |
      (entry.sniRoutes ? ListenerFlag.sni : 0);
    writeListener({ proxy: entry.proxyId, pool: entry.poolId, flags, mss: entry.mss }, value);
    this.#maps.listeners.update(listenerKey(entry), value);
  }

  deleteListener(entry: Pick<ListenerEntry, 'address' | 'port' | 'protocol'>): void {
    this.#maps.listeners.delete(listenerKey(entry));
  }

  async listeners(): Promise<ListenerEntry[]> {
    return rows(this.#maps.listeners, (key, value) => {
      const { address, port, protocol } = readListenerKey(key);
      const { proxy, pool, flags, mss } = readListener(value);
      return {
        address: decodeAddress(address.bytes),
        port,
        protocol: protocolName(protocol),
        proxyId: proxy,
        poolId: pool,
        snat: (flags & ListenerFlag.snat) !== 0,
        sourceRoutes: (flags & ListenerFlag.sourceRoutes) !== 0,
        sourceLimit: (flags & ListenerFlag.sourceLimit) !== 0,
        sniRoutes: (flags & ListenerFlag.sni) !== 0,
        mss,
      };
    });
  }

  setSourceRoute(entry: SourceRouteEntry): void {
    const value = Buffer.alloc(SOURCE_ROUTE_SIZE);
    writeSourceRoute({ pool: entry.poolId }, value);
    this.#maps.sourceRoutes.update(sourceRouteKey(entry), value);
  }

  deleteSourceRoute(entry: Pick<SourceRouteEntry, 'proxyId' | 'source'>): void {
    this.#maps.sourceRoutes.delete(sourceRouteKey(entry));
  }

  async sourceRoutes(): Promise<SourceRouteEntry[]> {
    return rows(this.#maps.sourceRoutes, (key, value) => {
      const { prefixLen, proxy, address } = readSourceRouteKey(key);
      const source = decodePrefix(address.bytes, prefixLen - PROXY_PREFIX_BITS);
      return { proxyId: proxy, source, poolId: readSourceRoute(value).pool };
    });
  }

  /** Clients of the proxy's listeners with `sourceLimit` are held to it from the next packet on. */
  setSourceLimit(entry: SourceLimitEntry): void {
    const value = Buffer.alloc(SOURCE_LIMIT_SIZE);
    writeSourceLimit(
      {
        rule: encodeRule(entry),
        maskV4: { bytes: encodeMask(V4_MAPPED_BITS + entry.ipv4PrefixLength) },
        maskV6: { bytes: encodeMask(entry.ipv6PrefixLength) },
      },
      value,
    );
    this.#maps.sourceLimits.update(u32Key(entry.proxyId), value);
  }

  deleteSourceLimit(proxyId: number): void {
    this.#maps.sourceLimits.delete(u32Key(proxyId));
  }

  async sourceLimits(): Promise<SourceLimitEntry[]> {
    return rows(this.#maps.sourceLimits, (key, value) => {
      const { rule, maskV4, maskV6 } = readSourceLimit(value);
      return {
        proxyId: key.readUInt32LE(0),
        ...decodeRule(rule),
        ipv4PrefixLength: maskBits(maskV4.bytes) - V4_MAPPED_BITS,
        ipv6PrefixLength: maskBits(maskV6.bytes),
      };
    });
  }

  setSniRoute(entry: SniRouteEntry): void {
    const value = Buffer.alloc(SNI_ROUTE_SIZE);
    writeSniRoute({ pool: entry.poolId }, value);
    this.#maps.sniRoutes.update(sniRouteKey(entry), value);
  }

  deleteSniRoute(entry: Omit<SniRouteEntry, 'poolId'>): void {
    this.#maps.sniRoutes.delete(sniRouteKey(entry));
  }

  async sniRoutes(): Promise<SniRouteEntry[]> {
    return rows(this.#maps.sniRoutes, (key, value) => {
      const { name, proxy, family } = readSniRouteKey(key);
      const poolId = readSniRoute(value).pool;
      return { proxyId: proxy, nameHash: name, family: familyOf(family), poolId };
    });
  }

  /** Cookies can be made. */
  hasSecret(): boolean {
    return this.#lastGeneration() > 0;
  }

  /**
   * Makes cookies with a new secret; those made with the one before stay valid until the next call.
   * @param key 16 random bytes
   */
  rotateSecret(key: Buffer): void {
    const generation = this.#lastGeneration() + 1;
    const value = Buffer.alloc(LATE_SECRET_SIZE);
    writeLateSecret({ key: [key.readBigUInt64LE(0), key.readBigUInt64LE(8)], generation }, value);
    this.#maps.lateSecrets.update(u32Key(generation % 2), value);
  }

  #lastGeneration(): number {
    const generations = [0, 1].map((index) => {
      const value = this.#maps.lateSecrets.lookup(u32Key(index));
      return value ? readLateSecret(value).generation : 0;
    });
    return Math.max(...generations);
  }

  setTarget(entry: TargetEntry): void {
    const value = Buffer.alloc(TARGET_SIZE);
    const snatAddress = entry.snatAddress === null ? Buffer.alloc(16) : encodeAddress(entry.snatAddress);
    writeTarget(
      {
        address: { bytes: encodeAddress(entry.address) },
        snatAddress: { bytes: snatAddress },
        port: entry.port,
        flags: (entry.local ? TargetFlag.local : 0) | (entry.proxyHeader ? TargetFlag.proxyHeader : 0),
        proxy: entry.proxyId,
        limit: encodeRule(entry),
      },
      value,
    );
    this.#maps.targets.update(u32Key(entry.id), value);
  }

  /** Every target ever set: ids are not given back, so that counters keep their meaning. */
  async targets(): Promise<TargetEntry[]> {
    const entries = await filledRows(this.#maps.targets, (key, value) => {
      const { address, snatAddress, port, flags, proxy, limit } = readTarget(value);
      const hasSnat = snatAddress.bytes.some((byte) => byte !== 0);
      return {
        id: key.readUInt32LE(0),
        proxyId: proxy,
        address: decodeAddress(address.bytes),
        port,
        local: (flags & TargetFlag.local) !== 0,
        proxyHeader: (flags & TargetFlag.proxyHeader) !== 0,
        snatAddress: hasSnat ? decodeAddress(snatAddress.bytes) : null,
        ...decodeRule(limit),
      };
    });
    return entries.filter((entry) => entry.port !== 0);
  }

  /** Points a pool at its slots and says how to pick one, in one write that a packet sees whole or not at all. */
  setPool(entry: PoolEntry): void {
    const value = Buffer.alloc(POOL_SIZE);
    writePool({ slotBase: entry.slotBase, shape: encodeShape(entry) }, value);
    this.#maps.pools.update(u32Key(entry.id), value);
  }

  /** Pools that have slots. */
  async pools(): Promise<PoolEntry[]> {
    const entries = await filledRows(this.#maps.pools, (key, value) => {
      const { slotBase, shape } = readPool(value);
      return { id: key.readUInt32LE(0), slotBase, ...decodeShape(shape) };
    });
    return entries.filter((entry) => entry.slotCount > 0);
  }

  /** Writes target ids to slots that no pool points at yet. `slotBase` is a multiple of {@link SLOTS_PER_BLOCK}. */
  writeSlots(slotBase: number, targetIds: Uint32Array): void {
    const blocks = Math.ceil(targetIds.length / SLOTS_PER_BLOCK);
    const keys = Buffer.alloc(blocks * 4);
    const values = Buffer.alloc(blocks * SLOT_BLOCK_SIZE);
    for (let block = 0; block < blocks; block++) {
      keys.writeUInt32LE(slotBase / SLOTS_PER_BLOCK + block, block * 4);
    }
    for (let slot = 0; slot < targetIds.length; slot++) values.writeUInt32LE(targetIds[slot] ?? 0, slot * 4);
    updateBatch(this.#maps.slots, keys, values);
  }

  readSlots(pool: PoolEntry): Uint32Array {
    const ids = new Uint32Array(pool.slotCount);
    for (let slot = 0; slot < ids.length; slot += SLOTS_PER_BLOCK) {
      const block = this.#maps.slots.lookup(u32Key((pool.slotBase + slot) / SLOTS_PER_BLOCK));
      for (let i = 0; i < SLOTS_PER_BLOCK && slot + i < ids.length; i++) {
        ids[slot + i] = block?.readUInt32LE(i * 4) ?? 0;
      }
    }
    return ids;
  }

  /** Remembers which proxy an id stands for. `name` has at most 127 bytes of UTF-8. */
  setProxyName(id: number, name: string): void {
    const value = Buffer.alloc(PROXY_NAME_SIZE);
    value.write(name, 0, PROXY_NAME_SIZE - 1, 'utf8');
    this.#maps.proxyNames.update(u32Key(id), value);
  }

  async proxyNames(): Promise<{ readonly id: number; readonly name: string }[]> {
    return rows(this.#maps.proxyNames, (key, value) => ({
      id: key.readUInt32LE(0),
      name: value.toString('utf8', 0, value.indexOf(0)),
    }));
  }

  metadata(): Metadata {
    const value = this.#maps.metadata.lookup(u32Key(0));
    return readMetadata(value ?? Buffer.alloc(METADATA_SIZE));
  }

  setMetadata(metadata: Metadata): void {
    const value = Buffer.alloc(METADATA_SIZE);
    writeMetadata(metadata, value);
    this.#maps.metadata.update(u32Key(0), value);
  }
}

function encodeRule({ intervalNs, toleranceNs }: RateRule) {
  return { intervalNs: BigInt(intervalNs), toleranceNs: BigInt(toleranceNs) };
}

function decodeRule(rule: { readonly intervalNs: bigint; readonly toleranceNs: bigint }): RateRule {
  return { intervalNs: Number(rule.intervalNs), toleranceNs: Number(rule.toleranceNs) };
}

function listenerKey(entry: Pick<ListenerEntry, 'address' | 'port' | 'protocol'>): Buffer {
  const key = Buffer.alloc(LISTENER_KEY_SIZE);
  const address = { bytes: encodeAddress(entry.address) };
  writeListenerKey({ address, port: entry.port, protocol: protocolNumber(entry.protocol) }, key);
  return key;
}

function sourceRouteKey(entry: Pick<SourceRouteEntry, 'proxyId' | 'source'>): Buffer {
  const key = Buffer.alloc(SOURCE_ROUTE_KEY_SIZE);
  const { bytes, bits } = encodePrefix(entry.source);
  writeSourceRouteKey({ prefixLen: PROXY_PREFIX_BITS + bits, proxy: entry.proxyId, address: { bytes } }, key);
  return key;
}
