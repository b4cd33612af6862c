/**
 * The actors of made-up cases, in {@link WORLD}: clients and targets behind every kind of route that the world has. There
 * are few of each, so that packets meet flows and flows meet each other.
 */

/** Which version of IP. */
export type Family = 'v4' | 'v6';

/** Where a target is: its address, the interface that leads there, and the balancer's address towards it. */
export interface Place {
  readonly address: string;
  readonly ifindex: number;
  readonly snatAddress?: string;
  readonly local?: boolean;
}

/** Interfaces, by what they are in the world. */
export const IFINDEX = { front: 10, back: 11, narrow: 12, closed: 13 } as const;

/** What a stage of one family has. */
export interface Stage {
  /** The address of the listeners. */
  readonly listen: string;
  readonly clients: readonly string[];
  /** Sources that no client can have. */
  readonly impossibleClients: readonly string[];
  readonly targets: readonly Place[];
  readonly routers: readonly string[];
  /** For source routes: from the widest to a single client. */
  readonly prefixes: readonly string[];
}

/** Ports: a target's, and the first of the listeners'. */
export const TARGET_PORT = 8080;
/** The port of the first listener; the next ones follow. */
export const FIRST_LISTEN_PORT = 80;

export const STAGES: Readonly<Record<Family, Stage>> = {
  v4: {
    listen: '10.1.0.1',
    // Behind the router; the router itself; on-link but unresolved; behind the narrow interface; without a route.
    clients: ['192.0.2.7', '192.0.2.8', '10.1.0.2', '10.1.0.9', '10.3.0.2', '198.51.100.1'],
    impossibleClients: ['0.0.0.0', '0.1.2.3', '127.0.0.1', '224.0.0.1', '239.1.2.3', '255.255.255.255'],
    targets: [
      { address: '10.2.0.2', ifindex: IFINDEX.back, snatAddress: '10.2.0.1' },
      { address: '10.2.0.3', ifindex: IFINDEX.back, snatAddress: '10.2.0.1' },
      { address: '10.2.0.77', ifindex: IFINDEX.back, snatAddress: '10.2.0.1' },
      { address: '10.3.0.2', ifindex: IFINDEX.narrow, snatAddress: '10.3.0.1' },
      { address: '10.3.0.77', ifindex: IFINDEX.narrow, snatAddress: '10.3.0.1' },
      { address: '10.4.0.2', ifindex: IFINDEX.closed, snatAddress: '10.4.0.1' },
      { address: '10.1.0.1', ifindex: IFINDEX.front, local: true },
      { address: '10.9.0.1', ifindex: IFINDEX.back, snatAddress: '10.2.0.1' },
      { address: '198.51.100.9', ifindex: IFINDEX.back },
    ],
    routers: ['10.2.0.2', '10.1.0.2', '203.0.113.1'],
    prefixes: ['0.0.0.0/0', '192.0.0.0/8', '192.0.2.0/29', '192.0.2.8/29', '192.0.2.7/32', '10.1.0.0/16'],
  },
  v6: {
    listen: 'fd00:1::1',
    clients: ['2001:db8:c::7', '2001:db8:c::8', 'fd00:1::2', 'fd00:1::9', 'fd00:3::2', '2001:db8:ffff::1'],
    impossibleClients: ['::', '::1', 'fe80::1', 'febf::1', 'ff02::1', 'ff0e::1'],
    targets: [
      { address: 'fd00:2::2', ifindex: IFINDEX.back, snatAddress: 'fd00:2::1' },
      { address: 'fd00:2::3', ifindex: IFINDEX.back, snatAddress: 'fd00:2::1' },
      { address: 'fd00:2::77', ifindex: IFINDEX.back, snatAddress: 'fd00:2::1' },
      { address: 'fd00:3::2', ifindex: IFINDEX.narrow, snatAddress: 'fd00:3::1' },
      { address: 'fd00:3::77', ifindex: IFINDEX.narrow, snatAddress: 'fd00:3::1' },
      { address: 'fd00:4::2', ifindex: IFINDEX.closed, snatAddress: 'fd00:4::1' },
      { address: 'fd00:1::1', ifindex: IFINDEX.front, local: true },
      { address: 'fd00:9::1', ifindex: IFINDEX.back, snatAddress: 'fd00:2::1' },
      { address: '2001:db8:ffff::9', ifindex: IFINDEX.back },
    ],
    routers: ['fd00:2::2', 'fd00:1::2', '2001:db8:e::1'],
    prefixes: [
      '2001::/16',
      '2001:db8::/32',
      '2001:db8:c::/48',
      '2001:db8:c::7/128',
      '2001:db8:c::8/125',
      'fd00:1::/64',
    ],
  },
};
