import { SluiceError } from '../../src/errors/index.ts';

/** One client host. */
export interface ClientSpec {
  /** Which client-side network it is on: 0 (`front0`) or 1 (`front1`, needs `fronts: 2`); default 0. */
  readonly front?: number;
  /** How many addresses of each family it has; default 1. */
  readonly addresses?: number;
}

/** Two routers with a narrow link between them, put into the way between the balancer and one side. */
export interface RouterSpec {
  /** MTU of the link between the two routers, bytes; both ends keep 1500, so path-MTU discovery must work. */
  readonly mtu: number;
}

/** What lab to build. Every field has a default. */
export interface LabSpec {
  /** Client hosts: how many, or one entry each; default 1. */
  readonly clients?: number | readonly ClientSpec[];
  /** Target hosts; default 3. */
  readonly targets?: number;
  /** Addresses of each family on every target, for many targets on few hosts; default 1, at most 250. */
  readonly addressesPerTarget?: number;
  /** Client-side networks, each with its own listening interface on the balancer: 1 (default) or 2. */
  readonly fronts?: number;
  /** Addresses of each family on each listening interface; default 1. */
  readonly vips?: number;
  /**
   * `switch` (default): a namespace with one bridge per network joins the hosts. `direct`: one veth from the balancer
   * to the only host of each network, without a bridge in the way.
   */
  readonly wiring?: 'switch' | 'direct';
  /** Transmit checksum and segmentation offload on every interface; default `on`. Native XDP needs `off`. */
  readonly offloads?: 'on' | 'off';
  /** MTU of every link of one side, bytes; default 1500. */
  readonly mtu?: { readonly front?: number; readonly back?: number };
  /** Routers between the balancer and its clients or its targets; default none. */
  readonly routers?: { readonly front?: RouterSpec; readonly back?: RouterSpec };
  /** `balancer` (default): targets reach the clients through the balancer. `none`: only their own network. */
  readonly targetRoute?: 'balancer' | 'none';
  /** Give the balancer a default route to the first client, which drops what is not its own; default false. */
  readonly upstream?: boolean;
  /** Permanent neighbour entries between hosts of a network instead of ARP and ND; default false. */
  readonly staticNeighbours?: boolean;
  /** Set in the balancer's namespace after the defaults (forwarding on, rp_filter off), e.g. `net.ipv4.ip_forward`. */
  readonly balancerSysctls?: Readonly<Record<string, string | number>>;
}

/** A {@link LabSpec} with every default filled in. */
export interface FullSpec extends Required<Omit<LabSpec, 'clients' | 'mtu' | 'routers'>> {
  readonly clients: readonly Required<ClientSpec>[];
  readonly mtu: { readonly front: number; readonly back: number };
  readonly routers: { readonly front?: RouterSpec; readonly back?: RouterSpec };
}

const MAX_HOST_NUMBER = 250;

/**
 * Fills in the defaults.
 * @throws SluiceError `usage` for numbers out of range and for direct wiring with several hosts on one network.
 */
export function fullSpec(spec: LabSpec): FullSpec {
  const clients =
    typeof spec.clients === 'object' ? spec.clients : Array.from({ length: spec.clients ?? 1 }, () => ({}));
  const full: FullSpec = {
    clients: clients.map((client: ClientSpec) => ({
      front: client.front ?? 0,
      addresses: client.addresses ?? 1,
    })),
    targets: spec.targets ?? 3,
    addressesPerTarget: spec.addressesPerTarget ?? 1,
    fronts: spec.fronts ?? 1,
    vips: spec.vips ?? 1,
    wiring: spec.wiring ?? 'switch',
    offloads: spec.offloads ?? 'on',
    mtu: { front: spec.mtu?.front ?? 1500, back: spec.mtu?.back ?? 1500 },
    routers: spec.routers ?? {},
    targetRoute: spec.targetRoute ?? 'balancer',
    upstream: spec.upstream ?? false,
    staticNeighbours: spec.staticNeighbours ?? false,
    balancerSysctls: spec.balancerSysctls ?? {},
  };
  check(full);
  return full;
}

function check(spec: FullSpec): void {
  within('clients', spec.clients.length, 0, MAX_HOST_NUMBER);
  within('targets', spec.targets, 0, MAX_HOST_NUMBER);
  within('addressesPerTarget', spec.addressesPerTarget, 1, MAX_HOST_NUMBER);
  within('fronts', spec.fronts, 1, 2);
  within('vips', spec.vips, 1, MAX_HOST_NUMBER);
  for (const [index, client] of spec.clients.entries()) {
    within(`clients[${index}].front`, client.front, 0, spec.fronts - 1);
    within(`clients[${index}].addresses`, client.addresses, 1, MAX_HOST_NUMBER);
  }
  if (spec.wiring === 'direct' && crowded(spec)) {
    throw new SluiceError('usage', 'lab: direct wiring needs at most one host on each network', {
      fix: "use wiring: 'switch'",
    });
  }
}

function crowded(spec: FullSpec): boolean {
  const perFront = [0, 1].map((front) => spec.clients.filter((client) => client.front === front).length);
  return spec.targets > 1 || perFront.some((count) => count > 1);
}

function within(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new SluiceError(
    'usage',
    `lab: ${name} is ${value}, expected a whole number from ${least} to ${most}`,
  );
}
