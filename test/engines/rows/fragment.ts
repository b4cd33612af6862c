import {
  FRAGMENT_KEY_SIZE,
  FRAGMENT_PORTS_SIZE,
  readFragmentKey,
  readFragmentPorts,
  writeFragmentKey,
  writeFragmentPorts,
} from '../../../src/datapath/generated/abi.ts';
import { protocolName, protocolNumber } from '../../../src/datapath/protocols.ts';
import type { FragmentRow } from '../model.ts';
import type { AddressCodec } from './addresses.ts';
import type { Entry } from './entry.ts';
import { epochOf } from './time.ts';

/**
 * The entry of a fragmented datagram at `nowNs`. An IPv4 identification is the upper half of the key's field, which the
 * programs load from two bytes of the header (`struct packet`); an IPv6 one fills it.
 */
export function encodeFragment(row: FragmentRow, nowNs: bigint, addresses: AddressCodec): Entry {
  const key = Buffer.alloc(FRAGMENT_KEY_SIZE);
  const value = Buffer.alloc(FRAGMENT_PORTS_SIZE);
  const isV4 = !row.source.includes(':');
  writeFragmentKey(
    {
      src: { bytes: addresses.encode(row.source) },
      dst: { bytes: addresses.encode(row.destination) },
      id: isV4 ? row.id * 0x10000 : row.id,
      protocol: protocolNumber(row.protocol),
    },
    key,
  );
  writeFragmentPorts(
    { sport: row.sourcePort, dport: row.destinationPort, epoch: (epochOf(nowNs) - row.epochsAgo) >>> 0 },
    value,
  );
  return { key, value };
}

/** What an entry of `fragments` says at `nowNs`. */
export function decodeFragment({ key, value }: Entry, nowNs: bigint, addresses: AddressCodec): FragmentRow {
  const { src, dst, id, protocol } = readFragmentKey(key);
  const { sport, dport, epoch } = readFragmentPorts(value);
  const source = addresses.decode(src.bytes);
  return {
    source,
    destination: addresses.decode(dst.bytes),
    id: source.includes(':') ? id : id / 0x10000,
    protocol: protocolName(protocol),
    sourcePort: sport,
    destinationPort: dport,
    epochsAgo: (epochOf(nowNs) - epoch) | 0,
  };
}
