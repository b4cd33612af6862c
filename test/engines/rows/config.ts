import { encodePrefix } from '../../../src/datapath/address.ts';
import {
  DEVICE_SIZE,
  LATE_SECRET_SIZE,
  LISTENER_KEY_SIZE,
  LISTENER_SIZE,
  ListenerFlag,
  POOL_SIZE,
  POOL_TURNS_SIZE,
  SLOT_BLOCK_SIZE,
  SNI_ROUTE_KEY_SIZE,
  SNI_ROUTE_SIZE,
  SOURCE_ROUTE_KEY_SIZE,
  SOURCE_ROUTE_SIZE,
  TARGET_SIZE,
  TargetFlag,
  writeDevice,
  writeLateSecret,
  writeListener,
  writeListenerKey,
  writePool,
  writePoolTurns,
  writeSniRoute,
  writeSniRouteKey,
  writeSourceRoute,
  writeSourceRouteKey,
  writeTarget,
} from '../../../src/datapath/generated/abi.ts';
import { nameHash } from '../../../src/datapath/name-hash.ts';
import { encodeShape } from '../../../src/datapath/pool-shape.ts';
import { protocolNumber } from '../../../src/datapath/protocols.ts';
import { u32Key } from '../../../src/datapath/u32-key.ts';
import type { ListenerRow, SniRouteRow, SourceRouteRow, State, TargetRow } from '../model.ts';
import type { WorldInterface } from '../world.ts';
import type { AddressCodec } from './addresses.ts';
import type { Entry } from './entry.ts';
import { encodeMac } from './mac.ts';
import { encodeRule } from './rate.ts';

const SLOTS_PER_BLOCK = SLOT_BLOCK_SIZE / 4;
const PROXY_PREFIX_BITS = 32;
const AF_INET = 2;
const AF_INET6 = 10;
const NO_ADDRESS = Buffer.alloc(16);

export function encodeListener(row: ListenerRow, addresses: AddressCodec): Entry {
  const key = Buffer.alloc(LISTENER_KEY_SIZE);
  const value = Buffer.alloc(LISTENER_SIZE);
  const address = { bytes: addresses.encode(row.address) };
  writeListenerKey({ address, port: row.port, protocol: protocolNumber(row.protocol) }, key);
  const flags =
    (row.sourceRoutes ? ListenerFlag.sourceRoutes : 0) |
    (row.snat ? ListenerFlag.snat : 0) |
    (row.sourceLimit ? ListenerFlag.sourceLimit : 0) |
    (row.sniRoutes ? ListenerFlag.sni : 0);
  writeListener({ proxy: row.proxy, pool: row.pool, flags, mss: row.mss ?? 0 }, value);
  return { key, value };
}

export function encodeSourceRoute(row: SourceRouteRow): Entry {
  const key = Buffer.alloc(SOURCE_ROUTE_KEY_SIZE);
  const value = Buffer.alloc(SOURCE_ROUTE_SIZE);
  const { bytes, bits } = encodePrefix(row.prefix);
  writeSourceRouteKey({ prefixLen: PROXY_PREFIX_BITS + bits, proxy: row.proxy, address: { bytes } }, key);
  writeSourceRoute({ pool: row.pool }, value);
  return { key, value };
}

export function encodeSniRoute(row: SniRouteRow): Entry {
  const key = Buffer.alloc(SNI_ROUTE_KEY_SIZE);
  const value = Buffer.alloc(SNI_ROUTE_SIZE);
  const family = row.family === 6 ? AF_INET6 : AF_INET;
  writeSniRouteKey({ name: nameHash(row.name), proxy: row.proxy, family }, key);
  writeSniRoute({ pool: row.pool }, value);
  return { key, value };
}

/** The secret of the generation that is one more than its index. */
export function encodeSecret(hex: string, index: number): Entry {
  const value = Buffer.alloc(LATE_SECRET_SIZE);
  const key = Buffer.from(hex, 'hex');
  const generation = index + 1;
  writeLateSecret({ key: [key.readBigUInt64LE(0), key.readBigUInt64LE(8)], generation }, value);
  return { key: u32Key(generation % 2), value };
}

export function encodeTarget(row: TargetRow, id: number, addresses: AddressCodec): Entry {
  const value = Buffer.alloc(TARGET_SIZE);
  writeTarget(
    {
      address: { bytes: addresses.encode(row.address) },
      snatAddress: {
        bytes: row.snatAddress === undefined ? NO_ADDRESS : addresses.encode(row.snatAddress),
      },
      port: row.port,
      flags: (row.local ? TargetFlag.local : 0) | (row.proxyHeader ? TargetFlag.proxyHeader : 0),
      proxy: row.proxy,
      limit: encodeRule(row.limit),
    },
    value,
  );
  return { key: u32Key(id), value };
}

export function encodeDevice({ ifindex, mac, xdpRedirect }: WorldInterface): Entry {
  const value = Buffer.alloc(DEVICE_SIZE);
  writeDevice({ xdpRedirect: xdpRedirect ? 1 : 0, mac: encodeMac(mac) }, value);
  return { key: u32Key(ifindex), value };
}

/** Entries of `pools` and `slots`: each pool has blocks of its own, as the control plane gives them out. */
export function encodePools({ pools, choices = {} }: Pick<State, 'pools' | 'choices'>): {
  readonly pools: readonly Entry[];
  readonly slots: readonly Entry[];
  readonly pool_turns: readonly Entry[];
} {
  const slots: Entry[] = [];
  const entries = pools.map((targets, id) => {
    const value = Buffer.alloc(POOL_SIZE);
    const algorithm = choices[id]?.algorithm ?? 'weighted-random';
    const shape = encodeShape({ algorithm, slotCount: targets.length });
    writePool({ slotBase: slots.length * SLOTS_PER_BLOCK, shape }, value);
    for (let first = 0; first < targets.length; first += SLOTS_PER_BLOCK) {
      slots.push(encodeBlock(slots.length, targets.slice(first, first + SLOTS_PER_BLOCK)));
    }
    return { key: u32Key(id), value };
  });
  return {
    pools: entries,
    slots,
    pool_turns: pools.map((_, id) => encodeTurns(id, choices[id]?.turns ?? 0)),
  };
}

function encodeTurns(id: number, taken: number): Entry {
  const value = Buffer.alloc(POOL_TURNS_SIZE);
  writePoolTurns({ lock: { val: 0 }, taken: BigInt(taken) }, value);
  return { key: u32Key(id), value };
}

function encodeBlock(index: number, targets: readonly number[]): Entry {
  const value = Buffer.alloc(SLOT_BLOCK_SIZE);
  targets.forEach((id, slot) => {
    value.writeUInt32LE(id, slot * 4);
  });
  return { key: u32Key(index), value };
}
