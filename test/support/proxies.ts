import type { Host, Lab } from '../../lab/index.ts';
import type { ConfigFile } from './balancer.ts';

/** Both families, to run a test over each. */
export const FAMILIES = ['v4', 'v6'] as const;
export type Family = (typeof FAMILIES)[number];

/** First address of a host's interface. @throws Error when there is none. */
export function ownAddress(host: Host, device: string, family: Family): string {
  const { addresses4, addresses6 } = host.interface(device);
  const [address] = family === 'v4' ? addresses4 : addresses6;
  if (address === undefined) throw new Error(`${device} of ${host.name} has no ${family} address`);
  return address;
}

/** What a test wants of one proxy. */
export interface ProxyOptions {
  readonly name: string;
  readonly interfaces?: readonly string[];
  /** Listen on these addresses only. */
  readonly address?: string;
  readonly port: number;
  /** Default both. */
  readonly protocol?: 'tcp' | 'udp';
  readonly mode?: 'nat' | 'snat';
  /** Addresses of the targets, all of one family. */
  readonly targets: readonly string[];
  /** Default the listening port. */
  readonly targetPort?: number;
  /** Weights of the targets; equal shares without. */
  readonly weights?: readonly number[];
  readonly sourceRoutes?: readonly ConfigFile[];
}

/** One entry of `proxies`. */
export function proxy(options: ProxyOptions): ConfigFile {
  const { name, interfaces = ['front0'], port, address, protocol, mode, sourceRoutes } = options;
  return {
    name,
    listen: { interfaces, port, ...(address ? { address } : {}), ...(protocol ? { protocol } : {}) },
    ...(mode ? { mode } : {}),
    defaultTarget: targetList(options.targets, options.targetPort ?? port, options.weights),
    ...(sourceRoutes ? { sourceRoutes } : {}),
  };
}

/**
 * `NAME4` and `NAME6`: a proxy for each family to the same hosts (default: all targets), on the first address of `front0`
 * of that family.
 */
export function bothFamilies(
  lab: Lab,
  options: Omit<ProxyOptions, 'targets' | 'address'> & { readonly targets?: readonly Host[] },
): readonly ConfigFile[] {
  return FAMILIES.map((family) =>
    proxy({
      ...options,
      name: `${options.name}${family.slice(1)}`,
      address: lab.balancer[family],
      targets: (options.targets ?? lab.targets).map((target) => target[family]),
    }),
  );
}

/** A list of targets as in a file. */
export function targetList(
  addresses: readonly string[],
  port: number,
  weights?: readonly number[],
): readonly ConfigFile[] {
  return addresses.map((ip, index) => ({ ip, port, ...(weights ? { weight: weights[index] } : {}) }));
}

/** A whole configuration; attach mode `auto` unless `settings` says otherwise. */
export function configOf(proxies: readonly ConfigFile[], settings: ConfigFile = {}): ConfigFile {
  return { proxies, settings };
}
