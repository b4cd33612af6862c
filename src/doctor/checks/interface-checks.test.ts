import { device, route, settings } from '../sample-facts.fixture.ts';
import { describeChecks } from './check-cases.fixture.ts';
import { checkForwarding } from './forwarding.ts';
import { checkInterfaces } from './interfaces.ts';
import { checkOffloads } from './offloads.ts';
import { checkRpFilter } from './rp-filter.ts';
import { checkXdp } from './xdp.ts';

const veth = device({ kind: 'veth', driver: null, name: 'eth0' });
const target = (address: string, mode: 'nat' | 'snat' = 'nat') => ({
  targets: [{ proxy: 'web', address, mode }],
});
const routeFor = (address: string, found: Parameters<typeof route>[0] | null) => ({
  routes: new Map([[address, found === null ? null : route(found)]]),
});
const attach = (mode: 'native' | 'tc' | 'generic') => ({ interfaces: [{ name: 'eth0', attach: mode }] });
const twoNics = {
  interfaces: [
    { name: 'eth0', attach: 'auto' },
    { name: 'eth1', attach: 'auto' },
  ],
} as const;

describeChecks('the checks of interfaces', [
  {
    name: 'accepts an interface that is up',
    check: checkInterfaces,
    finds: ['ok'],
    says: /eth0 is up \(virtio_net\): 192\.0\.2\.2/,
  },
  {
    name: 'lists interfaces when one is missing',
    check: checkInterfaces,
    subject: { interfaces: [{ name: 'eth9', attach: 'auto' }] },
    finds: ['fail'],
    fix: /use one of: eth0/,
  },
  {
    name: 'brings an interface up',
    check: checkInterfaces,
    facts: { interfaces: [device({ up: false })] },
    finds: ['fail'],
    fix: /ip link set dev eth0 up/,
  },
  {
    name: 'warns of no carrier',
    check: checkInterfaces,
    facts: { interfaces: [device({ running: false })] },
    finds: ['warn'],
    says: /carrier/,
  },
  {
    name: 'warns of no address',
    check: checkInterfaces,
    facts: { interfaces: [device({ addresses: [] })] },
    finds: ['warn'],
    says: /listens nowhere/,
  },
  {
    name: 'accepts a driver with native XDP',
    check: checkXdp,
    finds: ['ok'],
    says: /virtio_net has native XDP/,
  },
  {
    name: 'warns of a driver without',
    check: checkXdp,
    facts: { interfaces: [device({ driver: 'e1000' })] },
    finds: ['warn'],
    fix: /settings\.attach: \{ eth0: tc \}/,
  },
  {
    name: 'warns of a driver that has it in later kernels',
    check: checkXdp,
    facts: { interfaces: [device({ driver: 'vmxnet3' })] },
    finds: ['warn'],
    says: /from Linux 6\.6 on/,
  },
  {
    name: 'warns of an MTU beyond one page',
    check: checkXdp,
    facts: { interfaces: [device({ mtu: 9000 })] },
    finds: ['warn'],
    fix: /mtu 3498/,
  },
  {
    name: 'accepts any MTU in mode tc',
    check: checkXdp,
    facts: { interfaces: [device({ mtu: 9000 })] },
    subject: attach('tc'),
    finds: ['ok'],
  },
  {
    name: 'uses TC on a veth',
    check: checkXdp,
    facts: { interfaces: [veth] },
    finds: ['ok'],
    says: /mode tc/,
  },
  {
    name: 'points at a program that is attached already',
    check: checkXdp,
    facts: { interfaces: [device({ xdp: { mode: 'native', programId: 7 } })] },
    finds: ['ok', 'hint'],
    fix: /xdp off/,
  },
  {
    name: 'ignores such a program in mode tc',
    check: checkXdp,
    facts: { interfaces: [device({ xdp: { mode: 'native', programId: 7 } })] },
    subject: attach('tc'),
    finds: ['ok'],
  },
  { name: 'accepts harmless offloads', check: checkOffloads, finds: ['ok'] },
  {
    name: 'wants ethtool',
    check: checkOffloads,
    facts: { offloads: null },
    finds: ['warn'],
    fix: /apt-get install ethtool/,
  },
  {
    name: 'warns of LRO',
    check: checkOffloads,
    facts: { offloads: new Map([['eth0', new Set(['large-receive-offload'])]]) },
    finds: ['warn'],
    fix: /lro off/,
  },
  {
    name: 'warns of stripped VLAN tags where there are VLANs',
    check: checkOffloads,
    facts: {
      interfaces: [
        device(),
        device({ index: 3, name: 'eth0.7', kind: 'vlan', link: { index: 2, otherNamespace: false } }),
      ],
      offloads: new Map([['eth0', new Set(['rx-vlan-offload'])]]),
    },
    finds: ['warn'],
    fix: /rxvlan off/,
  },
  {
    name: 'ignores stripped VLAN tags where there are none',
    check: checkOffloads,
    facts: { offloads: new Map([['eth0', new Set(['rx-vlan-offload'])]]) },
    finds: ['ok'],
  },
  {
    name: 'tells what to run at the peer of a veth with XDP',
    check: checkOffloads,
    facts: { interfaces: [veth] },
    subject: attach('native'),
    finds: ['hint'],
    fix: /tx off gro on/,
  },
  {
    name: 'asks nothing of the peer of a veth with TC',
    check: checkOffloads,
    facts: { interfaces: [veth] },
    finds: ['ok'],
  },
  { name: 'accepts no filter', check: checkRpFilter, finds: ['ok'] },
  {
    name: 'accepts a strict filter with one interface',
    check: checkRpFilter,
    facts: { settings: new Map([['eth0', settings({ rpFilter: 1 })]]) },
    finds: ['ok'],
  },
  {
    name: 'warns of a strict filter with several',
    check: checkRpFilter,
    subject: twoNics,
    facts: {
      settings: new Map([
        ['eth0', settings({ rpFilter: 2 })],
        ['eth1', settings({ rpFilter: 1 })],
      ]),
    },
    finds: ['warn'],
    fix: /^sysctl -w net\.ipv4\.conf\.eth1\.rp_filter=2$/,
  },
  { name: 'accepts forwarding', check: checkForwarding, finds: ['ok'], says: /IPv4/ },
  {
    name: 'wants IPv4 forwarding for a target elsewhere',
    check: checkForwarding,
    facts: { settings: new Map([['eth0', settings({ forwarding4: false })]]) },
    finds: ['fail'],
    fix: /net\.ipv4\.ip_forward=1/,
  },
  {
    name: 'wants it on the interface of the target too',
    check: checkForwarding,
    facts: {
      ...routeFor('192.0.2.9', { dev: 'eth1' }),
      settings: new Map([
        ['eth0', settings()],
        ['eth1', settings({ forwarding4: false })],
      ]),
    },
    finds: ['fail'],
    says: /eth1/,
  },
  {
    name: 'wants IPv6 forwarding for an IPv6 target',
    check: checkForwarding,
    subject: target('2001:db8::9'),
    facts: {
      ...routeFor('2001:db8::9', {}),
      settings: new Map([['eth0', settings({ forwarding6: false })]]),
    },
    finds: ['fail'],
    fix: /ipv6\.conf\.all\.forwarding=1/,
  },
  {
    name: 'wants none for a target on this host',
    check: checkForwarding,
    facts: {
      ...routeFor('192.0.2.9', { type: 'local', dev: 'lo' }),
      settings: new Map([['eth0', settings({ forwarding4: false })]]),
    },
    finds: [],
  },
  {
    name: 'only hints without targets',
    check: checkForwarding,
    subject: { targets: [] },
    facts: { settings: new Map([['eth0', settings({ forwarding4: false, forwarding6: false })]]) },
    finds: ['hint', 'hint'],
  },
]);
