import { prefixBits } from './network.ts';
import type { HostPlan, LinkEnd, Topology } from './plan.ts';
import type { FullSpec } from './spec.ts';

/** Lines for `ip -batch` that make every namespace, veth pair and bridge of the lab. */
export function creationBatch(topology: Topology): string {
  const namespaces = [...topology.hosts.map((host) => host.namespace), topology.switch.namespace];
  return [
    ...namespaces.map((name) => `netns add ${name}`),
    ...topology.links.map(
      ({ ends: [a, b], mtu }) => `link add ${endWords(a, mtu)} type veth peer ${endWords(b, mtu)}`,
    ),
    ...topology.switch.bridges.map(
      (bridge) =>
        `link add name ${bridge.name} mtu ${bridge.mtu} netns ${topology.switch.namespace} ` +
        'type bridge stp_state 0 forward_delay 0 mcast_snooping 0',
    ),
  ].join('\n');
}

/** Shell script that finishes one host from inside its namespace. */
export function hostScript(host: HostPlan, topology: Topology, spec: FullSpec): string {
  const batch = [
    'link set lo up',
    ...host.interfaces.flatMap((each) => [
      `link set ${each.name} up`,
      ...each.addresses4.map((address) => `addr add ${address}/${prefixBits(address)} dev ${each.name}`),
      ...each.addresses6.map(
        (address) => `addr add ${address}/${prefixBits(address)} dev ${each.name} nodad`,
      ),
    ]),
    ...host.neighbours.flatMap((each) =>
      each.addresses.map(
        (address) => `neigh replace ${address} lladdr ${each.mac} nud permanent dev ${each.device}`,
      ),
    ),
    ...host.routes.flatMap((route) => [
      `route add ${route.to4} via ${route.via4}`,
      `route add ${route.to6} via ${route.via6}`,
    ]),
  ];
  const devices = host.interfaces.map((each) => each.name);
  return script(sysctls(host, spec), batch, offloads(host.namespace, devices, topology, spec));
}

/** Shell script that finishes the switch from inside its namespace. */
export function switchScript(topology: Topology, spec: FullSpec): string {
  const { bridges, namespace } = topology.switch;
  const ports = bridges.flatMap((bridge) => bridge.ports);
  const batch = bridges.flatMap((bridge) => [
    ...bridge.ports.map((port) => `link set ${port} master ${bridge.name} up`),
    `link set ${bridge.name} up`,
  ]);
  // Bridged packets are no business of a packet filter, and defragmenting them would hide fragments.
  const sysctl = ['iptables', 'ip6tables', 'arptables'].map(
    (table): Sysctl => [`net.bridge.bridge-nf-call-${table}`, 0, 'optional'],
  );
  return script(sysctl, batch, offloads(namespace, ports, topology, spec));
}

type Sysctl = readonly [name: string, value: string | number, need?: 'optional'];

function sysctls(host: HostPlan, spec: FullSpec): readonly Sysctl[] {
  const common: readonly Sysctl[] = [
    ['net.ipv4.ip_local_port_range', '1024 65535'],
    ['net.ipv4.tcp_tw_reuse', 1],
    ['net.ipv4.conf.all.rp_filter', 0],
    ['net.ipv4.conf.default.rp_filter', 0],
  ];
  if (host.role === 'client' || host.role === 'target') return common;
  const forwarding: readonly Sysctl[] = [
    ['net.ipv4.ip_forward', 1],
    ['net.ipv6.conf.all.forwarding', 1],
    ['net.ipv4.conf.all.send_redirects', 0],
    // Path-MTU tests need every error, not one a second.
    ['net.ipv4.icmp_ratelimit', 0],
    ['net.ipv6.icmp.ratelimit', 0],
  ];
  const wished = host.role === 'balancer' ? Object.entries(spec.balancerSysctls) : [];
  return [...common, ...forwarding, ...wished];
}

/** Segmentation and checksums in software where asked; NAPI (`gro on`) where an XDP redirect may arrive. */
function offloads(
  namespace: string,
  devices: readonly string[],
  topology: Topology,
  spec: FullSpec,
): readonly string[] {
  return devices.flatMap((device) => {
    const words = [
      ...(spec.offloads === 'off' ? ['tx off'] : []),
      ...(facesBalancer(namespace, device, topology) ? ['gro on'] : []),
    ];
    return words.length > 0 ? [`ethtool -K ${device} ${words.join(' ')} >/dev/null`] : [];
  });
}

function facesBalancer(namespace: string, device: string, topology: Topology): boolean {
  const balancer = topology.hosts.find((host) => host.role === 'balancer');
  return topology.links.some(({ ends: [a, b] }) => {
    const here = (end: LinkEnd) => end.namespace === namespace && end.name === device;
    const there = (end: LinkEnd) => end.namespace === balancer?.namespace;
    return (here(a) && there(b)) || (here(b) && there(a));
  });
}

function script(sysctl: readonly Sysctl[], batch: readonly string[], rest: readonly string[]): string {
  return [
    'set -e',
    // Duplicate address detection would keep an address unusable for a second.
    'for each in /proc/sys/net/ipv6/conf/*/accept_dad; do echo 0 > "$each"; done',
    ...sysctl.map(([name, value, need]) => {
      const path = `/proc/sys/${name.replaceAll('.', '/')}`;
      return `${need === 'optional' ? `! [ -e ${path} ] || ` : ''}echo '${value}' > ${path}`;
    }),
    "ip -batch - <<'END'",
    ...batch,
    'END',
    ...rest,
  ].join('\n');
}

function endWords(end: LinkEnd, mtu: number): string {
  const mac = end.mac === undefined ? '' : ` address ${end.mac}`;
  return `name ${end.name} mtu ${mtu}${mac} netns ${end.namespace}`;
}

/** Every veth end by namespace. */
export function devicesByNamespace(topology: Topology): ReadonlyMap<string, readonly string[]> {
  const devices = new Map<string, string[]>();
  for (const end of topology.links.flatMap((link) => link.ends)) {
    devices.set(end.namespace, [...(devices.get(end.namespace) ?? []), end.name]);
  }
  return devices;
}
