import { describe, expect, it } from 'vitest';
import type { Check, Facts, Subject } from '../facts.ts';
import { preflight } from '../preflight.ts';
import { device, facts, route, settings, subject } from '../sample-facts.ts';
import { checkBpffs } from './bpffs.ts';
import { checkForwarding } from './forwarding.ts';
import { checkInterfaces } from './interfaces.ts';
import { checkJit } from './jit.ts';
import { checkKernel } from './kernel.ts';
import { checkLibbpf } from './libbpf.ts';
import { checkLocalnet } from './localnet.ts';
import { checkMtu } from './mtu.ts';
import { checkOffloads } from './offloads.ts';
import { checkPrivileges } from './privileges.ts';
import { checkReturnPath } from './return-path.ts';
import { checkRoutes } from './routes.ts';
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
const bits = (...numbers: number[]) => numbers.reduce((mask, bit) => mask | (1n << BigInt(bit)), 0n);

interface Case {
  readonly name: string;
  readonly check: Check;
  /** What differs from the healthy host. */
  readonly facts?: Partial<Facts>;
  readonly subject?: Partial<Subject>;
  /** Levels and what the first message says. */
  readonly finds: readonly string[];
  readonly says?: RegExp;
  readonly fix?: RegExp;
}

const twoNics = {
  interfaces: [
    { name: 'eth0', attach: 'auto' },
    { name: 'eth1', attach: 'auto' },
  ],
} as const;

const CASES: readonly Case[] = [
  { name: 'accepts 5.15', check: checkKernel, facts: { kernelRelease: '5.15.0' }, finds: ['ok'] },
  { name: 'accepts 10.2', check: checkKernel, facts: { kernelRelease: '10.2.1' }, finds: ['ok'] },
  {
    name: 'refuses 5.10',
    check: checkKernel,
    facts: { kernelRelease: '5.10.0-28' },
    finds: ['fail'],
    fix: /5\.15/,
  },
  { name: 'accepts a libbpf that loads', check: checkLibbpf, finds: ['ok'], says: /^version 1\.1$/ },
  {
    name: 'refuses a missing libbpf',
    check: checkLibbpf,
    facts: { libbpf: { problem: 'no such file' } },
    finds: ['fail'],
    says: /no such file/,
    fix: /apt-get install libbpf1/,
  },
  { name: 'accepts root', check: checkPrivileges, finds: ['ok'] },
  {
    name: 'accepts the three capabilities',
    check: checkPrivileges,
    facts: { capabilities: bits(12, 38, 39) },
    finds: ['ok'],
  },
  {
    name: 'accepts CAP_SYS_ADMIN in place of CAP_BPF',
    check: checkPrivileges,
    facts: { capabilities: bits(12, 21) },
    finds: ['ok'],
  },
  {
    name: 'wants CAP_NET_ADMIN beside CAP_SYS_ADMIN',
    check: checkPrivileges,
    facts: { capabilities: bits(21) },
    finds: ['fail'],
    says: /^CAP_NET_ADMIN missing$/,
  },
  {
    name: 'names what is missing',
    check: checkPrivileges,
    facts: { capabilities: bits(39) },
    finds: ['fail'],
    says: /^CAP_NET_ADMIN, CAP_PERFMON missing$/,
  },
  {
    name: 'refuses a user namespace',
    check: checkPrivileges,
    facts: { userNamespace: true },
    finds: ['fail'],
    says: /user namespace/,
  },
  {
    name: 'warns when capabilities cannot be read',
    check: checkPrivileges,
    facts: { capabilities: null },
    finds: ['warn'],
  },
  { name: 'accepts a mounted bpffs', check: checkBpffs, finds: ['ok'] },
  {
    name: 'gives the mount command',
    check: checkBpffs,
    facts: { bpffs: false },
    finds: ['fail'],
    fix: /^mount -t bpf bpf \/sys\/fs\/bpf$/,
  },
  { name: 'accepts the compiler', check: checkJit, finds: ['ok'] },
  {
    name: 'warns of the interpreter',
    check: checkJit,
    facts: { jit: '0' },
    finds: ['warn'],
    fix: /bpf_jit_enable=1/,
  },
  { name: 'says where to look when it cannot tell', check: checkJit, facts: { jit: null }, finds: ['hint'] },

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

  {
    name: 'accepts targets with routes',
    check: checkRoutes,
    finds: ['ok'],
    says: /^1 target can be routed to$/,
  },
  {
    name: 'counts targets on this host',
    check: checkRoutes,
    facts: routeFor('192.0.2.9', { type: 'local', dev: 'lo' }),
    finds: ['ok'],
    says: /1 of them on this host/,
  },
  {
    name: 'refuses a target without a route',
    check: checkRoutes,
    facts: routeFor('192.0.2.9', null),
    finds: ['fail'],
    fix: /ip route add 192\.0\.2\.9/,
  },
  {
    name: 'refuses an unreachable route',
    check: checkRoutes,
    facts: { routes: new Map([['192.0.2.9', { type: 'unreachable' }]]) },
    finds: ['fail'],
    says: /"unreachable"/,
  },
  {
    name: 'refuses a broadcast address',
    check: checkRoutes,
    facts: routeFor('192.0.2.9', { type: 'broadcast' }),
    finds: ['fail'],
  },
  {
    name: 'warns of a target that does not answer',
    check: checkRoutes,
    facts: { neighbours: [{ address: '192.0.2.9', dev: 'eth0', mac: null, state: 'FAILED' }] },
    finds: ['warn'],
    says: /192\.0\.2\.9 on eth0/,
  },
  {
    name: 'warns of a gateway that does not answer',
    check: checkRoutes,
    facts: {
      ...routeFor('192.0.2.9', { gateway: '192.0.2.1' }),
      neighbours: [{ address: '192.0.2.1', dev: 'eth0', mac: null, state: 'INCOMPLETE' }],
    },
    finds: ['warn'],
    says: /^192\.0\.2\.1 on eth0/,
  },
  {
    name: 'accepts a stale neighbour',
    check: checkRoutes,
    facts: { neighbours: [{ address: '192.0.2.9', dev: 'eth0', mac: '02:00:00:00:00:01', state: 'STALE' }] },
    finds: ['ok'],
  },

  { name: 'accepts equal MTUs', check: checkMtu, finds: ['ok'] },
  {
    name: 'warns of a smaller MTU on the way',
    check: checkMtu,
    facts: routeFor('192.0.2.9', { mtu: 1400 }),
    finds: ['warn'],
    says: /192\.0\.2\.9: 1400/,
  },
  {
    name: 'warns of a smaller interface on the way',
    check: checkMtu,
    facts: {
      ...routeFor('192.0.2.9', { dev: 'tun0' }),
      interfaces: [device(), device({ index: 3, name: 'tun0', mtu: 1420 })],
    },
    finds: ['warn'],
    says: /1420/,
  },
  {
    name: 'has nothing to say of targets on this host',
    check: checkMtu,
    facts: routeFor('192.0.2.9', { type: 'local', dev: 'lo' }),
    finds: [],
  },

  { name: 'has nothing to say without loopback targets', check: checkLocalnet, finds: [] },
  {
    name: 'wants route_localnet for loopback targets',
    check: checkLocalnet,
    subject: target('127.0.0.1'),
    finds: ['fail'],
    fix: /eth0\.route_localnet=1/,
  },
  {
    name: 'accepts route_localnet',
    check: checkLocalnet,
    subject: target('127.0.0.1'),
    facts: { settings: new Map([['eth0', settings({ routeLocalnet: true })]]) },
    finds: ['ok'],
  },
  {
    name: 'wants nothing of lo',
    check: checkLocalnet,
    subject: { ...target('127.0.0.1'), interfaces: [{ name: 'lo', attach: 'auto' }] },
    facts: {
      interfaces: [device({ name: 'lo', kind: 'loopback' })],
      settings: new Map([['lo', settings()]]),
    },
    finds: ['ok'],
  },

  {
    name: 'reminds that replies must come back',
    check: checkReturnPath,
    finds: ['hint'],
    fix: /default via 192\.0\.2\.2/,
  },
  {
    name: 'warns of targets behind a router',
    check: checkReturnPath,
    facts: routeFor('192.0.2.9', { gateway: '192.0.2.1' }),
    finds: ['warn'],
    fix: /mode: snat/,
  },
  {
    name: 'has nothing to say in mode snat',
    check: checkReturnPath,
    subject: target('192.0.2.9', 'snat'),
    finds: [],
  },
];

describe('each check', () => {
  it.each(CASES)('$check.name $name', ({ check, finds, says, fix, ...given }) => {
    const findings = check(subject(given.subject), facts(given.facts));
    expect(findings.map(({ level }) => level)).toEqual(finds);
    if (says !== undefined) expect(findings[0]?.message).toMatch(says);
    if (fix !== undefined) expect(findings.at(-1)?.fix).toMatch(fix);
  });

  it('gives a fix with everything that is not ok, on one line', () => {
    const all = CASES.flatMap((one) => one.check(subject(one.subject), facts(one.facts)));
    for (const finding of all) {
      expect(finding.message).not.toContain('\n');
      if (finding.level !== 'ok') expect(finding.fix, finding.message).toMatch(/\S/);
    }
  });
});

describe('preflight', () => {
  it('finds nothing worse than a hint on a healthy host', () => {
    const findings = preflight(subject(), facts());
    expect(new Set(findings.map(({ level }) => level))).toEqual(new Set(['ok', 'hint']));
  });

  it('applies every check', () => {
    const names = new Set(preflight(subject(target('127.0.0.1')), facts()).map(({ check }) => check));
    const all = preflight(subject(), facts()).map(({ check }) => check);
    expect([...new Set([...names, ...all])].sort()).toEqual(
      [
        'kernel',
        'libbpf',
        'privileges',
        'bpffs',
        'jit',
        'interface',
        'xdp',
        'offloads',
        'forwarding',
        'rp_filter',
        'route',
        'mtu',
        'route_localnet',
        'return path',
      ].sort(),
    );
  });
});
