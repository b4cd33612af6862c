import type { DeliveringRoute, HostInterface } from '../host/index.ts';
import type { Facts, InterfaceSettings, Subject } from './facts.ts';

/** A NIC that is up, for tests. */
export function device(overrides: Partial<HostInterface> = {}): HostInterface {
  return {
    index: 2,
    name: 'eth0',
    kind: null,
    driver: 'virtio_net',
    mac: '02:fc:00:00:00:01',
    mtu: 1500,
    up: true,
    running: true,
    master: null,
    link: null,
    addresses: [{ address: '192.0.2.2', family: 4, prefixLength: 24, scope: 'global' }],
    xdp: null,
    ...overrides,
  };
}

/** Settings of an interface that is in nobody's way, for tests. */
export function settings(overrides: Partial<InterfaceSettings> = {}): InterfaceSettings {
  return { forwarding4: true, forwarding6: true, rpFilter: 0, routeLocalnet: false, ...overrides };
}

/** A route to a neighbour, for tests. */
export function route(overrides: Partial<DeliveringRoute> = {}): DeliveringRoute {
  return { type: 'unicast', dev: 'eth0', gateway: null, prefSource: '192.0.2.2', mtu: null, ...overrides };
}

/** One listening interface and one target on its link, for tests. */
export function subject(overrides: Partial<Subject> = {}): Subject {
  return {
    interfaces: [{ name: 'eth0', attach: 'auto' }],
    targets: [{ proxy: 'web', address: '192.0.2.9', mode: 'nat' }],
    ...overrides,
  };
}

/** A host on which nothing is wrong, for tests. */
export function facts(overrides: Partial<Facts> = {}): Facts {
  return {
    kernelRelease: '6.1.0-17-amd64',
    libbpf: { version: 'v1.1' },
    capabilities: 0x1ffffffffffn,
    userNamespace: false,
    bpffs: true,
    jit: '1',
    interfaces: [device()],
    settings: new Map([['eth0', settings()]]),
    offloads: new Map([['eth0', new Set(['generic-receive-offload'])]]),
    routes: new Map([['192.0.2.9', route()]]),
    neighbours: [],
    ...overrides,
  };
}
