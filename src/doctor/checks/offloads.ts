import type { HostInterface } from '../../host/index.ts';
import type { Check, Facts } from '../facts.ts';
import type { Finding } from '../finding.ts';
import { type XdpMode, xdpDevices } from '../xdp-devices.ts';

const check = 'offloads';

/** No offload of a listening interface breaks what the programs see or send. */
export const checkOffloads: Check = (subject, facts) => {
  if (facts.offloads === null) {
    const message = 'ethtool is not installed: offloads are not checked';
    return [{ check, level: 'warn', message, fix: 'apt-get install ethtool' }];
  }
  return xdpDevices(subject, facts).flatMap(({ device, mode }) => checkDevice(device, mode, facts));
};

function checkDevice(device: HostInterface, mode: XdpMode, facts: Facts): Finding[] {
  const on = facts.offloads?.get(device.name);
  if (on === undefined) return [];
  const findings = [...lro(device, on), ...vlan(device, mode, on, facts), ...vethPeer(device, mode)];
  if (findings.length > 0) return findings;
  return [{ check, level: 'ok', message: `${device.name}: no offload is in the way` }];
}

/** Merged packets are larger than the next link takes, and native XDP does not attach. */
function lro({ name }: HostInterface, on: ReadonlySet<string>): Finding[] {
  if (!on.has('large-receive-offload')) return [];
  const message = `${name}: LRO merges packets that are to be forwarded`;
  return [{ check, level: 'warn', message, fix: `ethtool -K ${name} lro off` }];
}

/** The NIC strips the tag before XDP, so that packets of all VLANs look alike. */
function vlan(
  { name, index }: HostInterface,
  mode: XdpMode,
  on: ReadonlySet<string>,
  facts: Facts,
): Finding[] {
  const stacked = facts.interfaces.some((entry) => entry.kind === 'vlan' && entry.link?.index === index);
  if (mode === 'tc' || !stacked || !on.has('rx-vlan-offload')) return [];
  const message = `${name}: VLAN tags are stripped before XDP sees them, and it carries VLANs`;
  return [{ check, level: 'warn', message, fix: `ethtool -K ${name} rxvlan off` }];
}

/** The settings that matter are those of the other end, which is in another namespace. */
function vethPeer({ name, kind }: HostInterface, mode: XdpMode): Finding[] {
  if (kind !== 'veth' || mode === 'tc') return [];
  return [
    {
      check,
      level: 'hint',
      message: `${name}: XDP on a veth ships packets with partial checksums, and packets redirected into one are lost unless its peer has GRO on`,
      fix: `where the peer is: ethtool -K PEER tx off gro on   (or settings.attach: { ${name}: tc })`,
    },
  ];
}
