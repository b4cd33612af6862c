import ipaddr from 'ipaddr.js';
import { encodeAddress, encodePrefix } from '../../../src/datapath/address.ts';
import { encodeMac } from '../rows/index.ts';
import { WORLD } from '../world.ts';
import { byteWriter } from './byte-writer.ts';

const REQUEST_WORLD = 1;
const ROUTE_TYPES = { unicast: 0, local: 1, unreachable: 2 } as const;
const NO_GATEWAY = Buffer.alloc(16);

interface Route {
  readonly prefix: string;
  readonly type: keyof typeof ROUTE_TYPES;
  readonly ifindex: number;
  readonly via?: string;
}

/** The request that tells the native data path its host: {@link WORLD} with the routes that the kernel adds itself. */
export function worldMessage(): Buffer {
  const writer = byteWriter();
  writer.u8(REQUEST_WORLD);
  writer.u16(WORLD.interfaces.length);
  for (const { ifindex, mtu, mac, forwarding } of WORLD.interfaces) {
    writer.u32(ifindex);
    writer.u32(mtu);
    writer.bytes(encodeMac(mac));
    writer.u8(forwarding ? 1 : 0);
  }
  const routes = allRoutes();
  writer.u16(routes.length);
  for (const { prefix, type, ifindex, via } of routes) {
    const { bytes, bits } = encodePrefix(prefix);
    writer.bytes(bytes);
    writer.u8(bits);
    writer.u8(ROUTE_TYPES[type]);
    writer.u32(ifindex);
    writer.u8(via === undefined ? 0 : 1);
    writer.bytes(via === undefined ? NO_GATEWAY : encodeAddress(via));
  }
  writer.u16(WORLD.neighbours.length);
  for (const { interface: name, address, mac } of WORLD.neighbours) {
    writer.u32(ifindexOf(name));
    writer.bytes(encodeAddress(address));
    writer.bytes(encodeMac(mac));
  }
  return writer.framed();
}

function allRoutes(): readonly Route[] {
  return [
    ...WORLD.interfaces.flatMap(({ addresses, ifindex, forwarding }) =>
      addresses.flatMap((address) => routesOfAddress(address, ifindex, forwarding)),
    ),
    ...WORLD.routes.map(
      ({ prefix, via, interface: name }): Route => ({
        prefix,
        via,
        type: 'unicast',
        ifindex: ifindexOf(name),
      }),
    ),
    ...WORLD.unreachable.map((prefix): Route => ({ prefix, type: 'unreachable', ifindex: 0 })),
    { prefix: '127.0.0.0/8', type: 'local', ifindex: 1 },
  ];
}

/**
 * What the kernel routes for an address: its network on-link, itself to itself, and what is delivered here as well: the
 * broadcast address of an IPv4 network, and the subnet-router anycast address of an IPv6 one (RFC 4291, 2.6.1), which
 * only a forwarding interface has.
 */
function routesOfAddress(cidr: string, ifindex: number, forwarding: boolean): readonly Route[] {
  const [address, bits] = ipaddr.parseCIDR(cidr);
  const isV4 = address.kind() === 'ipv4';
  const whole = isV4 ? 32 : 128;
  const local = (text: string): Route => ({ prefix: `${text}/${whole}`, type: 'local', ifindex });
  const routes: Route[] = [
    { prefix: `${address.toString()}/${bits}`, type: 'unicast', ifindex },
    local(address.toString()),
  ];
  if (isV4) routes.push(local(ipaddr.IPv4.broadcastAddressFromCIDR(cidr).toString()));
  else if (forwarding) routes.push(local(ipaddr.IPv6.networkAddressFromCIDR(cidr).toString()));
  return routes;
}

function ifindexOf(name: string): number {
  const found = WORLD.interfaces.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`the world has no interface ${name}`);
  return found.ifindex;
}
