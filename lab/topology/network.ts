import type { BridgePlan, LinkPlan, NeighbourPlan } from './plan.ts';

/** Number of the hosts that are routers; clients and targets count from 1, the balancer is 0. */
export const ROUTER_NUMBER = 255;
const PREFIX_BITS = { v4: 16, v6: 64 };

/** One host's interface on a network. */
export interface Member {
  readonly namespace: string;
  readonly device: string;
  readonly mac: string;
  readonly addresses4: readonly string[];
  readonly addresses6: readonly string[];
}

/** One layer-2 network of the lab: 10.N.0.0/16 and fd00:N::/64. */
export interface Network {
  readonly number: number;
  readonly mtu: number;
  readonly members: readonly Member[];
}

/** The prefixes of a network. */
export function prefixes(network: number): { readonly v4: string; readonly v6: string } {
  return { v4: `10.${network}.0.0/${PREFIX_BITS.v4}`, v6: `fd00:${network}::/${PREFIX_BITS.v6}` };
}

/** Makes a host's interface on a network, with `count` addresses of each family. */
export function member(
  network: number,
  host: number,
  namespace: string,
  device: string,
  count = 1,
  from = 1,
): Member {
  const numbers = Array.from({ length: count }, (_, index) => from + index);
  return {
    namespace,
    device,
    mac: ['02', '00', '00', hex(network), hex(host), hex(from)].join(':'),
    addresses4: numbers.map((number) => `10.${network}.${host}.${number}`),
    addresses6: numbers.map((number) => `fd00:${network}::${host.toString(16)}:${number.toString(16)}`),
  };
}

/** The veth pairs of a network: straight between its two members, or one from each member to a bridge port. */
export function links(network: Network, straight: boolean, switchNamespace: string): readonly LinkPlan[] {
  const [a, b] = network.members;
  if (straight && a && b) {
    return [{ mtu: network.mtu, ends: [end(a), end(b)] }];
  }
  return network.members.map((each, index) => ({
    mtu: network.mtu,
    ends: [end(each), { namespace: switchNamespace, name: portName(network, index), mac: undefined }],
  }));
}

/** The bridge of a network that is not wired straight. */
export function bridge(network: Network): BridgePlan {
  return {
    name: `br${network.number}`,
    mtu: network.mtu,
    ports: network.members.map((_, index) => portName(network, index)),
  };
}

/** Permanent neighbour entries of one member for all others of its network. */
export function neighbours(network: Network, self: Member): readonly NeighbourPlan[] {
  return network.members
    .filter((other) => other !== self)
    .map((other) => ({
      device: self.device,
      mac: other.mac,
      addresses: [...other.addresses4, ...other.addresses6],
    }));
}

/** Length of the prefix of an address in any network of the lab. */
export function prefixBits(address: string): number {
  return address.includes(':') ? PREFIX_BITS.v6 : PREFIX_BITS.v4;
}

function end(each: Member) {
  return { namespace: each.namespace, name: each.device, mac: each.mac };
}

function portName(network: Network, index: number): string {
  return `p${network.number}-${index}`;
}

function hex(value: number): string {
  return value.toString(16).padStart(2, '0');
}
