/**
 * The host on which every case runs: its interfaces, addresses, neighbours and routes. The kernel engines build it in a
 * network namespace, the native engine and the oracle answer route look-ups from it.
 *
 *     clients 192.0.2.0/24, 2001:db8:c::/48 -- 10.1.0.2 -- front0 [balancer] back0 -- targets 10.2.0.0/16
 *                                                                            narrow0 -- targets 10.3.0.0/16, MTU 1280
 */

/** An interface of the balancer. */
export interface WorldInterface {
  readonly name: string;
  readonly ifindex: number;
  readonly mac: string;
  readonly mtu: number;
  /** Addresses with prefix lengths; the networks are on-link. */
  readonly addresses: readonly string[];
  /** Whether the kernel forwards what comes in here. */
  readonly forwarding: boolean;
  /** `devices.xdp_redirect`: XDP may send frames out of it. */
  readonly xdpRedirect: boolean;
}

export const WORLD = {
  interfaces: [
    {
      name: 'front0',
      ifindex: 10,
      mac: '02:00:00:00:01:01',
      mtu: 1500,
      addresses: ['10.1.0.1/16', 'fd00:1::1/64'],
      forwarding: true,
      xdpRedirect: true,
    },
    {
      name: 'back0',
      ifindex: 11,
      mac: '02:00:00:00:02:01',
      mtu: 1500,
      addresses: ['10.2.0.1/16', 'fd00:2::1/64'],
      forwarding: true,
      xdpRedirect: true,
    },
    {
      name: 'narrow0',
      ifindex: 12,
      mac: '02:00:00:00:03:01',
      mtu: 1280,
      addresses: ['10.3.0.1/16', 'fd00:3::1/64'],
      forwarding: true,
      xdpRedirect: false,
    },
    {
      name: 'closed0',
      ifindex: 13,
      mac: '02:00:00:00:04:01',
      mtu: 1500,
      addresses: ['10.4.0.1/16', 'fd00:4::1/64'],
      forwarding: false,
      xdpRedirect: true,
    },
  ] satisfies readonly WorldInterface[],
  /** Permanent entries. Every other on-link address is a neighbour that is not yet resolved. */
  neighbours: [
    { interface: 'front0', address: '10.1.0.2', mac: '02:00:00:00:01:02' },
    { interface: 'front0', address: 'fd00:1::2', mac: '02:00:00:00:01:02' },
    { interface: 'back0', address: '10.2.0.2', mac: '02:00:00:00:02:02' },
    { interface: 'back0', address: '10.2.0.3', mac: '02:00:00:00:02:03' },
    { interface: 'back0', address: 'fd00:2::2', mac: '02:00:00:00:02:02' },
    { interface: 'back0', address: 'fd00:2::3', mac: '02:00:00:00:02:03' },
    { interface: 'narrow0', address: '10.3.0.2', mac: '02:00:00:00:03:02' },
    { interface: 'narrow0', address: 'fd00:3::2', mac: '02:00:00:00:03:02' },
    { interface: 'closed0', address: '10.4.0.2', mac: '02:00:00:00:04:02' },
    { interface: 'closed0', address: 'fd00:4::2', mac: '02:00:00:00:04:02' },
  ],
  /** Besides the on-link networks. There is no default route: what no route covers has none. */
  routes: [
    { prefix: '192.0.2.0/24', via: '10.1.0.2', interface: 'front0' },
    { prefix: '2001:db8:c::/48', via: 'fd00:1::2', interface: 'front0' },
  ],
  /** Networks that the host answers with "unreachable". */
  unreachable: ['10.9.0.0/16', 'fd00:9::/64'],
} as const;
