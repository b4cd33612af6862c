import type { Config, LoadedConfig } from '../config/index.ts';
import type { DnsWishes } from '../dns/index.ts';
import { type Certificates, checkSpecs, readCertificates } from '../health/index.ts';
import { hostNames } from './expand-hosts.ts';
import { type HostView, readHost } from './host-view.ts';
import { mustBeServable } from './servable.ts';
import { targetAddresses } from './target-addresses.ts';

/** What a configuration depends on, besides the names of its targets. */
export interface Surroundings {
  readonly host: HostView;
  /** Authorities that health checks trust. */
  readonly certificates: Certificates;
}

/**
 * Reads the host and the files that a configuration names, and checks that the host can serve it.
 * @param config with addresses in place of names
 * @throws SluiceError of {@link mustBeServable} and {@link readCertificates}
 */
export async function readSurroundings(config: Config, { interfaces }: LoadedConfig): Promise<Surroundings> {
  const host = await readHost(targetAddresses(config.proxies));
  mustBeServable(config, interfaces, host);
  return { host, certificates: await readCertificates(checkSpecs(config)) };
}

/** The names that a configuration wants resolved, and by whom. */
export function dnsWishes(config: Config): DnsWishes {
  return { names: hostNames(config), servers: config.settings.dnsServers };
}

/** The indexes of all interfaces. */
export function indexesOf(host: HostView): number[] {
  return host.interfaces.map(({ index }) => index);
}
