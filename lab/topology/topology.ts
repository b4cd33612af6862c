import {
  bridge,
  links,
  type Member,
  member,
  type Network,
  neighbours,
  prefixes,
  ROUTER_NUMBER,
} from './network.ts';
import type { HostPlan, HostRole, RoutePlan, Topology } from './plan.ts';
import type { FullSpec } from './spec.ts';

/** Numbers of the networks; they show in the addresses (10.N.0.0/16, fd00:N::/64). */
const NET = { fronts: [1, 3], back: 2, frontMid: 4, frontFar: 5, backMid: 6, backFar: 7 } as const;
const ROUTED_MTU = 1500;

/** A host while the plan grows. */
interface Draft {
  readonly name: string;
  readonly role: HostRole;
  readonly members: { readonly network: number; readonly member: Member }[];
  readonly routes: RoutePlan[];
  gateway: Member | undefined;
}

/** Lays out a lab: which hosts, which networks, which routes. Pure. */
export function layOut(spec: FullSpec, namespaceOf: (host: string) => string): Topology {
  const plan = new Planner(spec, namespaceOf);
  plan.addBalancer();
  plan.addClients();
  plan.addTargets();
  return plan.finish();
}

class Planner {
  readonly #spec: FullSpec;
  readonly #namespaceOf: (host: string) => string;
  readonly #drafts: Draft[] = [];
  readonly #mtus = new Map<number, number>();

  constructor(spec: FullSpec, namespaceOf: (host: string) => string) {
    this.#spec = spec;
    this.#namespaceOf = namespaceOf;
  }

  addBalancer(): void {
    const balancer = this.#host('balancer', 'balancer');
    for (let front = 0; front < this.#spec.fronts; front++) {
      this.#join(balancer, frontNetwork(front), 0, `front${front}`, this.#spec.mtu.front, this.#spec.vips);
    }
    this.#join(balancer, NET.back, 0, 'back0', this.#spec.mtu.back);
  }

  addClients(): void {
    const router = this.#spec.routers.front;
    const routed = router && this.#addRouters('front', NET.fronts[0], NET.frontMid, NET.frontFar, router.mtu);
    for (const [index, client] of this.#spec.clients.entries()) {
      const host = this.#host(`client${index + 1}`, 'client');
      const far = client.front === 0 ? routed : undefined;
      const network = far ? NET.frontFar : frontNetwork(client.front);
      const mtu = far ? ROUTED_MTU : this.#spec.mtu.front;
      this.#join(host, network, index + 1, 'eth0', mtu, client.addresses);
      this.#default(host, far ?? this.#balancerOn(network));
    }
    const [first] = this.#drafts.filter((draft) => draft.role === 'client').flatMap((draft) => draft.members);
    if (this.#spec.upstream && first && !routed) this.#default(this.#balancer(), first.member);
  }

  addTargets(): void {
    const router = this.#spec.routers.back;
    const routed = router && this.#addRouters('back', NET.back, NET.backMid, NET.backFar, router.mtu);
    for (let index = 1; index <= this.#spec.targets; index++) {
      const host = this.#host(`target${index}`, 'target');
      const network = routed ? NET.backFar : NET.back;
      const mtu = routed ? ROUTED_MTU : this.#spec.mtu.back;
      this.#join(host, network, index, 'eth0', mtu, this.#spec.addressesPerTarget);
      if (this.#spec.targetRoute === 'balancer') this.#default(host, routed ?? this.#balancerOn(network));
      else if (routed) this.#route(host, NET.back, routed);
    }
  }

  finish(): Topology {
    const networks = this.#networks();
    const straight = (network: Network) => this.#straight(network);
    const switchNamespace = this.#namespaceOf('switch');
    return {
      hosts: this.#drafts.map((draft) => this.#hostPlan(draft, networks)),
      links: networks.flatMap((network) => links(network, straight(network), switchNamespace)),
      switch: {
        namespace: switchNamespace,
        bridges: networks.filter((network) => !straight(network)).map(bridge),
      },
    };
  }

  /** Two routers with a narrow link between them; returns the interface that is the next hop of the far hosts. */
  #addRouters(side: string, near: number, mid: number, far: number, midMtu: number): Member {
    const inner = this.#host(`${side}-router1`, 'router');
    const outer = this.#host(`${side}-router2`, 'router');
    const nearMember = this.#join(inner, near, ROUTER_NUMBER, 'near0', ROUTED_MTU);
    const innerMid = this.#join(inner, mid, ROUTER_NUMBER, 'mid0', midMtu);
    const outerMid = this.#join(outer, mid, ROUTER_NUMBER, 'mid0', midMtu, 1, 2);
    const farMember = this.#join(outer, far, ROUTER_NUMBER, 'far0', ROUTED_MTU);
    this.#route(this.#balancer(), mid, nearMember);
    this.#route(this.#balancer(), far, nearMember);
    this.#default(inner, this.#balancerOn(near));
    this.#route(inner, far, outerMid);
    this.#default(outer, innerMid);
    return farMember;
  }

  #host(name: string, role: HostRole): Draft {
    const draft: Draft = { name, role, members: [], routes: [], gateway: undefined };
    this.#drafts.push(draft);
    return draft;
  }

  #join(
    draft: Draft,
    network: number,
    host: number,
    device: string,
    mtu: number,
    count = 1,
    from = 1,
  ): Member {
    const joined = member(network, host, this.#namespaceOf(draft.name), device, count, from);
    draft.members.push({ network, member: joined });
    this.#mtus.set(network, mtu);
    return joined;
  }

  #route(draft: Draft, network: number, via: Member): void {
    const to = prefixes(network);
    draft.routes.push({ to4: to.v4, to6: to.v6, ...nextHop(via) });
  }

  #default(draft: Draft, via: Member): void {
    draft.routes.push({ to4: '0.0.0.0/0', to6: '::/0', ...nextHop(via) });
    draft.gateway = via;
  }

  #balancer(): Draft {
    return found(this.#drafts.find((draft) => draft.role === 'balancer'));
  }

  #balancerOn(network: number): Member {
    return found(this.#balancer().members.find((each) => each.network === network)).member;
  }

  #networks(): readonly Network[] {
    return [...this.#mtus].map(([number, mtu]) => ({
      number,
      mtu,
      members: this.#drafts.flatMap((draft) =>
        draft.members.filter((each) => each.network === number).map((each) => each.member),
      ),
    }));
  }

  #straight(network: Network): boolean {
    const middle = network.number === NET.frontMid || network.number === NET.backMid;
    return middle || (this.#spec.wiring === 'direct' && network.members.length === 2);
  }

  #hostPlan(draft: Draft, networks: readonly Network[]): HostPlan {
    const networkOf = (number: number) => found(networks.find((network) => network.number === number));
    return {
      name: draft.name,
      role: draft.role,
      namespace: this.#namespaceOf(draft.name),
      interfaces: draft.members.map((each) => ({
        name: each.member.device,
        mac: each.member.mac,
        mtu: networkOf(each.network).mtu,
        addresses4: each.member.addresses4,
        addresses6: each.member.addresses6,
      })),
      routes: draft.routes,
      neighbours: this.#spec.staticNeighbours
        ? draft.members.flatMap((each) => neighbours(networkOf(each.network), each.member))
        : [],
      gateway: draft.gateway && { mac: draft.gateway.mac },
    };
  }
}

function nextHop(via: Member): { readonly via4: string; readonly via6: string } {
  return { via4: found(via.addresses4[0]), via6: found(via.addresses6[0]) };
}

function frontNetwork(front: number): number {
  return found(NET.fronts[front]);
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the lab plan refers to something that it does not contain');
  return value;
}
