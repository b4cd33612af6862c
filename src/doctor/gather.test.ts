import { describe, expect, it } from 'vitest';
import { parseConfig, simpleConfig } from '../config/index.ts';
import { systemIo } from '../host/index.ts';
import { recordedIo } from '../host/recorded-io.fixture.ts';
import { readCapabilities, requirePrivileges } from './capabilities.ts';
import { gatherFacts, parseFeatures } from './gather.ts';
import { device } from './sample-facts.fixture.ts';
import { effectiveAttach, subjectOf, subjectOfHost } from './subject.ts';

const target = { proxy: 'web', address: '10.1.0.9', mode: 'nat' } as const;
const recorded = recordedIo({
  commands: {
    'ip -j -d addr show': { stdout: '[{"ifindex":2,"ifname":"eth0","flags":["UP"],"mtu":1500}]' },
    'ip -j neigh show': { stdout: '[]' },
    'ip -j -force -batch -': { stdout: '[{"dst":"10.1.0.9","dev":"eth1"}]' },
    'ethtool -k eth0': {
      stdout: 'Features for eth0:\nrx-checksumming: on\nlarge-receive-offload: off [fixed]\n',
    },
  },
  files: {
    '/proc/sys/kernel/osrelease': '6.1.0',
    '/proc/self/status': 'Name:\tnode\nCapEff:\t000001ffffffffff\n',
    '/proc/self/uid_map': '0 100000 65536',
    '/proc/self/mounts': 'proc /proc proc rw 0 0\nbpf /sys/fs/bpf bpf rw,relatime 0 0',
    '/proc/sys/net/core/bpf_jit_enable': '1',
    '/proc/sys/net/ipv4/conf/eth0/forwarding': '1',
    '/proc/sys/net/ipv6/conf/eth0/forwarding': '0',
    '/proc/sys/net/ipv4/conf/all/rp_filter': '2',
    '/proc/sys/net/ipv4/conf/eth0/rp_filter': '1',
    '/proc/sys/net/ipv4/conf/all/route_localnet': '0',
    '/proc/sys/net/ipv4/conf/eth0/route_localnet': '1',
  },
});

describe('gatherFacts', () => {
  const subject = { interfaces: [{ name: 'eth0', attach: 'auto' }], targets: [target] } as const;

  it('reads what the checks look at', async () => {
    const facts = await gatherFacts(subject, { host: recorded, libbpfVersion: async () => 'v1.1' });
    expect(facts).toMatchObject({
      kernelRelease: '6.1.0',
      libbpf: { version: 'v1.1' },
      capabilities: 0x1ffffffffffn,
      userNamespace: true,
      bpffs: true,
      jit: '1',
    });
    expect(facts.settings.get('eth0')).toEqual({
      forwarding4: true,
      forwarding6: false,
      rpFilter: 2,
      routeLocalnet: true,
    });
    expect([...facts.settings.keys()]).toEqual(['eth0', 'eth1']);
    expect(facts.offloads?.get('eth0')).toEqual(new Set(['rx-checksumming']));
    expect(facts.routes.get('10.1.0.9')).toMatchObject({ type: 'unicast', dev: 'eth1' });
  });

  it('keeps the reason why libbpf cannot be loaded', async () => {
    const facts = await gatherFacts(subject, {
      host: recorded,
      libbpfVersion: () => Promise.reject(new Error('no such file')),
    });
    expect(facts.libbpf).toEqual({ problem: 'no such file' });
  });

  it('does without ethtool', async () => {
    const host = {
      ...recorded,
      run: (command: string, args: readonly string[]) =>
        command === 'ethtool' ? Promise.reject(new Error('not installed')) : recorded.run(command, args),
    };
    const facts = await gatherFacts(subject, { host, libbpfVersion: async () => 'v1.1' });
    expect(facts.offloads).toBeNull();
  });

  it('reads this host', async () => {
    const here = {
      interfaces: [{ name: 'lo', attach: 'auto' }],
      targets: [{ ...target, address: '127.0.0.1' }],
    } as const;
    const facts = await gatherFacts(here, { host: systemIo, libbpfVersion: async () => 'v1.1' });
    expect(facts.kernelRelease).toMatch(/^\d+\.\d+/);
    expect(facts.capabilities).not.toBeNull();
    expect(facts.interfaces.map(({ name }) => name)).toContain('lo');
    expect(facts.routes.get('127.0.0.1')).toMatchObject({ type: 'local' });
    expect(facts.settings.get('lo')?.forwarding4).not.toBeNull();
  });
});

describe('parseFeatures', () => {
  it('takes the features that are on, indented or not', () => {
    const text =
      'Features for eth0:\nrx-checksumming: on\n\ttx-checksum-ipv4: off [fixed]\n\ttx-tcp6-segmentation: on [fixed]\n';
    expect(parseFeatures(text)).toEqual(new Set(['rx-checksumming', 'tx-tcp6-segmentation']));
  });
});

describe('requirePrivileges', () => {
  it('is content with the three capabilities', async () => {
    const io = recordedIo({ files: { '/proc/self/status': 'CapEff:\t000000c000001000' } });
    await expect(requirePrivileges(io)).resolves.toBeUndefined();
    expect(await readCapabilities(io)).toBe(0xc000001000n);
  });

  it('names what is missing', async () => {
    const io = recordedIo({ files: { '/proc/self/status': 'CapEff:\t0000000000000000' } });
    await expect(requirePrivileges(io)).rejects.toMatchObject({
      code: 'permission',
      message: 'this needs root: CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON missing',
    });
  });
});

describe('subjectOf', () => {
  it('takes interfaces with their modes and every target address once', () => {
    const text = `
proxies:
  - name: web
    listen: { interfaces: [eth0, eth1], port: 80 }
    mode: snat
    defaultTarget: [{ ip: 10.0.0.1, port: 1 }, { ip: 10.0.0.1, port: 2 }]
    sourceRoutes: [{ source: 10.9.0.0/16, target: { ip: 10.0.0.2, port: 1 } }]
settings: { attach: { eth1: generic } }
`;
    const { config } = parseConfig(text, { format: 'yaml', file: 'x.yaml' });
    expect(subjectOf(config)).toEqual({
      interfaces: [
        { name: 'eth0', attach: 'auto' },
        { name: 'eth1', attach: 'generic' },
      ],
      targets: [
        { proxy: 'web', address: '10.0.0.1', mode: 'snat' },
        { proxy: 'web', address: '10.0.0.2', mode: 'snat' },
      ],
    });
  });

  it('takes one mode for all interfaces', () => {
    const config = simpleConfig({
      interfaces: ['eth0'],
      port: 80,
      target: '10.0.0.1:80',
      statsEnabled: false,
    });
    const everywhere = { ...config, settings: { ...config.settings, attach: 'tc' } } as const;
    expect(subjectOf(everywhere).interfaces).toEqual([{ name: 'eth0', attach: 'tc' }]);
  });

  it('takes every interface that could listen when there is no configuration', () => {
    const interfaces = [
      device(),
      device({ name: 'lo', kind: 'loopback' }),
      device({ name: 'off', up: false }),
    ];
    expect(subjectOfHost(interfaces).interfaces).toEqual([{ name: 'eth0', attach: 'auto' }]);
  });
});

describe('effectiveAttach', () => {
  it.each([
    [device(), 'auto', 'native'],
    [device({ kind: 'veth' }), 'auto', 'tc'],
    [device({ kind: 'loopback' }), 'auto', 'tc'],
    [device({ kind: 'veth' }), 'native', 'native'],
    [device(), 'generic', 'generic'],
  ] as const)('of $kind with %s is decided', (nic, wanted, mode) => {
    expect(effectiveAttach(wanted, nic)).toBe(mode);
  });
});
