import {
  type HostInterface,
  type HostIo,
  type HostRoute,
  readInterfaces,
  readNeighbours,
  readSysctl,
  routesTo,
} from '../host/index.ts';
import { readCapabilities } from './capabilities.ts';
import type { Facts, InterfaceSettings, Subject } from './facts.ts';
import { pathInterfaces } from './routes.ts';

/** What gathering needs besides the host. */
export interface GatherIo {
  readonly host: HostIo;
  /** Loads libbpf and tells its version; throws when it cannot be loaded. */
  readonly libbpfVersion: () => Promise<string>;
}

/**
 * Reads from the host what the checks look at. Changes nothing.
 * @param interfaces what `readInterfaces` gave; read anew when absent.
 * @throws SluiceError when `ip` is missing or fails.
 */
export async function gatherFacts(
  subject: Subject,
  io: GatherIo,
  interfaces?: readonly HostInterface[],
): Promise<Facts> {
  const { host } = io;
  const routes = await readRoutes(subject, host);
  const names = pathInterfaces(subject, routes);
  const [release, libbpf, capabilities, uidMap, mounts, jit] = await Promise.all([
    host.readText('/proc/sys/kernel/osrelease'),
    readLibbpf(io),
    readCapabilities(host),
    host.readText('/proc/self/uid_map'),
    host.readText('/proc/self/mounts'),
    readSysctl('net.core.bpf_jit_enable', host),
  ]);
  return {
    kernelRelease: release ?? 'unknown',
    libbpf,
    capabilities,
    userNamespace: uidMap !== null && !/^0\s+0\s+4294967295$/.test(uidMap),
    bpffs: /^\S+ \/sys\/fs\/bpf bpf /m.test(mounts ?? ''),
    jit,
    interfaces: interfaces ?? (await readInterfaces(host)),
    settings: new Map(await Promise.all(names.map((name) => readSettings(name, host)))),
    offloads: await readOffloads(names, host),
    routes,
    neighbours: await readNeighbours(host),
  };
}

async function readLibbpf({ libbpfVersion }: GatherIo): Promise<Facts['libbpf']> {
  try {
    return { version: await libbpfVersion() };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

async function readSettings(name: string, host: HostIo): Promise<[string, InterfaceSettings]> {
  const read = (path: string) => readSysctl(path, host);
  const both = async (key: string) =>
    (await Promise.all([read(`net/ipv4/conf/all/${key}`), read(`net/ipv4/conf/${name}/${key}`)])).map(Number);
  const [forwarding4, forwarding6, rpFilter, routeLocalnet] = await Promise.all([
    read(`net/ipv4/conf/${name}/forwarding`),
    read(`net/ipv6/conf/${name}/forwarding`),
    both('rp_filter'),
    both('route_localnet'),
  ]);
  return [
    name,
    {
      forwarding4: toFlag(forwarding4),
      forwarding6: toFlag(forwarding6),
      // The kernel takes the stricter of the two numbers, and either flag.
      rpFilter: Math.max(...rpFilter),
      routeLocalnet: routeLocalnet.some((value) => value === 1),
    },
  ];
}

function toFlag(text: string | null): boolean | null {
  return text === null ? null : text !== '0';
}

async function readOffloads(names: readonly string[], host: HostIo): Promise<Facts['offloads']> {
  const offloads = new Map<string, ReadonlySet<string>>();
  for (const name of names) {
    const result = await host.run('ethtool', ['-k', name]).catch(() => null);
    if (result === null) return null;
    if (result.exitCode === 0) offloads.set(name, parseFeatures(result.stdout));
  }
  return offloads;
}

/** Names of the features that `ethtool -k` shows as on. */
export function parseFeatures(text: string): Set<string> {
  const lines = text.matchAll(/^\s*([a-z0-9-]+): on\b/gm);
  return new Set(Array.from(lines, ([, name = '']) => name));
}

async function readRoutes(subject: Subject, host: HostIo): Promise<Map<string, HostRoute | null>> {
  const addresses = [...new Set(subject.targets.map(({ address }) => address))];
  const routes = await routesTo(
    addresses.map((address) => ({ address })),
    host,
  );
  return new Map(addresses.map((address, index) => [address, routes[index] ?? null]));
}
