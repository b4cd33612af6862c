/** One address of an interface. */
export interface HostAddress {
  /** Canonical text, as inet_ntop(3) writes it. */
  readonly address: string;
  readonly family: 4 | 6;
  readonly prefixLength: number;
  readonly scope: 'global' | 'link' | 'host';
}

/** An XDP program that hangs on an interface, whoever attached it. */
export interface AttachedXdp {
  readonly mode: 'native' | 'generic' | 'offload' | 'multiple';
  /** Kernel id of the program; null in mode `multiple`. */
  readonly programId: number | null;
}

/** The device that this one is stacked on or paired with: a VLAN's lower device, a veth's peer. */
export interface LinkedDevice {
  readonly index: number;
  /** True when `index` counts in another network namespace. */
  readonly otherNamespace: boolean;
}

/** One network interface of this network namespace. */
export interface HostInterface {
  readonly index: number;
  readonly name: string;
  /** `veth`, `bridge`, `tun`, `vlan`, `loopback`, ...; null for hardware and virtio. */
  readonly kind: string | null;
  /** Driver of a hardware or virtio device, e.g. `virtio_net`, `ixgbe`; null for virtual ones. */
  readonly driver: string | null;
  /** Link-layer address; null where the link type has none (tun). */
  readonly mac: string | null;
  readonly mtu: number;
  /** Administratively up. */
  readonly up: boolean;
  /** Has carrier. */
  readonly running: boolean;
  /** Name of the bridge, bond or VRF that owns it. */
  readonly master: string | null;
  readonly link: LinkedDevice | null;
  readonly addresses: readonly HostAddress[];
  readonly xdp: AttachedXdp | null;
}

/** A route that leads somewhere. */
export interface DeliveringRoute {
  readonly type: 'unicast' | 'local' | 'broadcast' | 'multicast' | 'anycast';
  /** Outgoing interface; `lo` for `local`. */
  readonly dev: string;
  /** Next hop; null when the destination is on the link. */
  readonly gateway: string | null;
  /** Source address that the kernel would choose. */
  readonly prefSource: string | null;
  /** Path MTU that the route states, bytes; null when the interface's MTU holds. */
  readonly mtu: number | null;
}

/** A route that says no. */
export interface RejectingRoute {
  /** `martian`: not the destination but the source is refused (rp_filter). */
  readonly type: 'unreachable' | 'prohibit' | 'blackhole' | 'martian';
}

/** The kernel's answer to "how would I reach this address?". */
export type HostRoute = DeliveringRoute | RejectingRoute;

/** What to look a route up for. */
export interface RouteQuery {
  /** Destination, IPv4 or IPv6. */
  readonly address: string;
  /** Source address; must be local unless `iif` is given. */
  readonly from?: string | undefined;
  /** Firewall mark. */
  readonly mark?: number | undefined;
  /** Interface that the packet came in on: asks for the forwarding decision. */
  readonly iif?: string | undefined;
}

/** A row of the neighbour (ARP, NDP) table. */
export interface Neighbour {
  readonly address: string;
  readonly dev: string;
  /** Link-layer address; null while unresolved. */
  readonly mac: string | null;
  /** `REACHABLE`, `STALE`, `DELAY`, `PROBE`, `PERMANENT`, `NOARP`, `INCOMPLETE`, `FAILED`. */
  readonly state: string;
}
