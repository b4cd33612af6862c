import { WORLD, type WorldInterface } from '../world.ts';

/** Files under /proc/sys/net and what to write into them. */
export type Settings = readonly (readonly [path: string, value: string])[];

/** `ip -batch` lines that make the two namespaces and the interfaces between them. */
export function creationBatch(world: string, far: string): string {
  const pairs = WORLD.interfaces.flatMap(({ name, ifindex, mac, mtu }) => [
    `link add ${name} netns ${world} index ${ifindex} address ${mac} mtu ${mtu} type veth peer name ${name} mtu ${mtu} netns ${far}`,
  ]);
  return lines([`netns add ${world}`, `netns add ${far}`, ...pairs]);
}

/** What to set before the interfaces are up, on either side: nobody speaks unless a case makes him. */
export function quietSettings(): Settings {
  return ['default', ...WORLD.interfaces.map(({ name }) => name)].flatMap((name) => [
    [`ipv6/conf/${name}/accept_dad`, '0'],
    [`ipv6/conf/${name}/router_solicitations`, '0'],
    [`ipv6/conf/${name}/addr_gen_mode`, '1'],
  ]);
}

/** Whether the kernel forwards what comes in at an interface. */
export function forwardingSettings(): Settings {
  return WORLD.interfaces.flatMap(({ name, forwarding }) => [
    [`ipv4/conf/${name}/forwarding`, forwarding ? '1' : '0'],
    [`ipv6/conf/${name}/forwarding`, forwarding ? '1' : '0'],
  ]);
}

/** `ip -batch` lines for the far side: its ends are up and do nothing. */
export function farBatch(): string {
  return lines(WORLD.interfaces.map(({ name }) => `link set ${name} up`));
}

/** `ip -batch` lines for the world: addresses, neighbours, routes. */
export function worldBatch(): string {
  return lines([
    'link set lo up',
    ...WORLD.interfaces.flatMap(interfaceLines),
    ...WORLD.neighbours.map(
      (each) => `neigh replace ${each.address} lladdr ${each.mac} nud permanent dev ${each.interface}`,
    ),
    ...WORLD.routes.map((each) => `route add ${each.prefix} via ${each.via} dev ${each.interface}`),
    ...WORLD.unreachable.map((prefix) => `route add unreachable ${prefix}`),
  ]);
}

function interfaceLines({ name, addresses }: WorldInterface): readonly string[] {
  const adds = addresses.map((each) => `addr add ${each} dev ${name}${each.includes(':') ? ' nodad' : ''}`);
  return [...adds, `link set ${name} up`];
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
