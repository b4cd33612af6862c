/** What a lab consists of, before any of it exists: plain data. */

/** One interface inside a host. */
export interface InterfacePlan {
  readonly name: string;
  readonly mac: string;
  readonly mtu: number;
  readonly addresses4: readonly string[];
  readonly addresses6: readonly string[];
}

/** A route, both families at once. */
export interface RoutePlan {
  /** Destination prefixes. */
  readonly to4: string;
  readonly to6: string;
  readonly via4: string;
  readonly via6: string;
}

/** A permanent neighbour entry, both families at once. */
export interface NeighbourPlan {
  readonly device: string;
  readonly mac: string;
  readonly addresses: readonly string[];
}

/** What a host does in the lab. */
export type HostRole = 'client' | 'balancer' | 'target' | 'router';

/** One host: a network namespace. */
export interface HostPlan {
  readonly name: string;
  readonly role: HostRole;
  readonly namespace: string;
  readonly interfaces: readonly InterfacePlan[];
  readonly routes: readonly RoutePlan[];
  readonly neighbours: readonly NeighbourPlan[];
  /** Next hop of the default route. */
  readonly gateway: { readonly mac: string } | undefined;
}

/** One end of a veth pair. */
export interface LinkEnd {
  readonly namespace: string;
  readonly name: string;
  /** Undefined: the kernel picks one. */
  readonly mac: string | undefined;
}

/** One veth pair. */
export interface LinkPlan {
  readonly ends: readonly [LinkEnd, LinkEnd];
  readonly mtu: number;
}

/** One bridge of the switch namespace. */
export interface BridgePlan {
  readonly name: string;
  readonly mtu: number;
  readonly ports: readonly string[];
}

/** The whole lab. */
export interface Topology {
  readonly hosts: readonly HostPlan[];
  readonly links: readonly LinkPlan[];
  readonly switch: { readonly namespace: string; readonly bridges: readonly BridgePlan[] };
}
