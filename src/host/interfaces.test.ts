import { describe, expect, it } from 'vitest';
import { readInterfaces } from './interfaces.ts';
import { recordedIo } from './recorded-io.fixture.ts';

const COMMAND = 'ip -j -d addr show';

/** Printed by iproute2 6.1 on Linux 6.18, shortened. */
const ROWS = [
  {},
  {
    ifindex: 9,
    link: 'eth0',
    ifname: 'eth0.100',
    flags: ['BROADCAST', 'UP'],
    mtu: 1496,
    master: 'br0',
    link_type: 'ether',
    address: '02:fc:00:00:00:01',
    linkinfo: { info_kind: 'vlan', info_data: { id: 100 }, info_slave_kind: 'bridge' },
    addr_info: [],
  },
  {
    ifindex: 4,
    ifname: 'eth0',
    flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
    mtu: 1400,
    link_type: 'ether',
    address: '02:fc:00:00:00:01',
    parentbus: 'virtio',
    parentdev: 'virtio2',
    addr_info: [
      { family: 'inet', local: '192.0.2.2', prefixlen: 24, scope: 'global', label: 'eth0' },
      { family: 'inet6', local: 'fe80::fc:ff:fe00:1', prefixlen: 64, scope: 'link' },
    ],
  },
  {
    ifindex: 5,
    link_index: 2,
    ifname: 'dv0',
    flags: ['BROADCAST', 'UP', 'LOWER_UP'],
    mtu: 1500,
    xdp: { mode: 1, prog: { id: 106, name: 'p' }, attached: [{ mode: 1, prog: { id: 106 } }] },
    link_type: 'ether',
    address: '06:3b:09:d3:ac:8a',
    link_netnsid: 0,
    linkinfo: { info_kind: 'veth' },
    addr_info: [],
  },
  { ifindex: 7, ifname: 'tun0', flags: ['POINTOPOINT'], mtu: 1400, linkinfo: { info_kind: 'tun' } },
];

const io = recordedIo({
  commands: { [COMMAND]: { stdout: JSON.stringify(ROWS) } },
  links: {
    '/sys/bus/virtio/devices/virtio2/driver': '../../../../bus/virtio/drivers/virtio_net',
    '/sys/class/net/eth0/device/driver': '../../wrong/namespace',
  },
});

describe('readInterfaces', () => {
  it('lists interfaces in order of index and skips empty rows', async () => {
    expect((await readInterfaces(io)).map((entry) => entry.name)).toEqual([
      'eth0',
      'dv0',
      'tun0',
      'eth0.100',
    ]);
  });

  it('finds the driver of hardware on its bus, not in the /sys of another namespace', async () => {
    const [eth0] = await readInterfaces(io);
    expect(eth0).toEqual({
      index: 4,
      name: 'eth0',
      kind: null,
      driver: 'virtio_net',
      mac: '02:fc:00:00:00:01',
      mtu: 1400,
      up: true,
      running: true,
      master: null,
      link: null,
      addresses: [
        { address: '192.0.2.2', family: 4, prefixLength: 24, scope: 'global' },
        { address: 'fe80::fc:ff:fe00:1', family: 6, prefixLength: 64, scope: 'link' },
      ],
      xdp: null,
    });
  });

  it('tells which XDP program is attached and that the veth peer is in another namespace', async () => {
    const veth = (await readInterfaces(io)).find((entry) => entry.name === 'dv0');
    expect(veth?.xdp).toEqual({ mode: 'native', programId: 106 });
    expect(veth?.link).toEqual({ index: 2, otherNamespace: true });
  });

  it('names the lower device and the master of a VLAN', async () => {
    const vlan = (await readInterfaces(io)).find((entry) => entry.kind === 'vlan');
    expect(vlan).toMatchObject({ master: 'br0', link: { index: 4, otherNamespace: false }, running: false });
  });

  it('says what failed when ip fails', async () => {
    const broken = recordedIo({ commands: { [COMMAND]: { exitCode: 2, stderr: 'Cannot open netlink\n' } } });
    await expect(readInterfaces(broken)).rejects.toMatchObject({
      code: 'kernel',
      message: '"ip -j -d addr show" failed: Cannot open netlink',
    });
  });

  it('refuses output that it does not understand', async () => {
    const odd = recordedIo({ commands: { [COMMAND]: { stdout: '1: lo: <LOOPBACK>' } } });
    await expect(readInterfaces(odd)).rejects.toMatchObject({ fix: 'install iproute2 6.1 or later' });
  });

  it('reads the loopback interface of this host', async () => {
    const lo = (await readInterfaces()).find((entry) => entry.name === 'lo');
    expect(lo).toMatchObject({ index: 1, kind: 'loopback', driver: null, up: true });
    expect(lo?.addresses).toContainEqual({ address: '127.0.0.1', family: 4, prefixLength: 8, scope: 'host' });
  });
});
