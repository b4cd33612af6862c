import { isIPv6 } from 'node:net';

/** One place that a name stands for. */
export interface DnsEndpoint {
  /** Canonical IPv4 or IPv6 address. */
  readonly address: string;
  /** The port that an SRV record names; absent for A and AAAA records. */
  readonly port?: number;
  /** Share of the name's weight, 0 to 1; the shares of each IP version sum to 1, as clients only see their own. */
  readonly share: number;
}

/** What a name stands for now. */
export interface DnsAnswer {
  /** In the order of their addresses; never empty. */
  readonly endpoints: readonly DnsEndpoint[];
  /** How long the records may be kept, seconds; null when their source does not say (hosts file, name service). */
  readonly ttlSec: number | null;
}

/**
 * Looks a name up.
 * @param servers `address` or `address:port` of DNS servers; those of this host when empty
 * @throws Error when nobody answers, or no record has an address
 */
export type LookUp = (name: string, servers: readonly string[]) => Promise<DnsAnswer>;

/** One address with the relative weight that it was given. */
export interface WeightedEndpoint {
  readonly address: string;
  readonly port?: number;
  readonly weight: number;
}

/** Makes shares of weights for each IP version, without doubles; equal shares when every weight is 0 (RFC 2782). */
export function shareOut(weighted: readonly WeightedEndpoint[]): readonly DnsEndpoint[] {
  const unique = new Map<string, WeightedEndpoint>();
  for (const each of weighted) {
    const key = endpointKey(each);
    unique.set(key, { ...each, weight: each.weight + (unique.get(key)?.weight ?? 0) });
  }
  const all = [...unique.values()].sort((a, b) => (endpointKey(a) < endpointKey(b) ? -1 : 1));
  return all.map(({ address, port, weight }) => {
    const rivals = all.filter((other) => isIPv6(other.address) === isIPv6(address));
    const total = rivals.reduce((sum, rival) => sum + rival.weight, 0);
    const share = total > 0 ? weight / total : 1 / rivals.length;
    return { address, ...(port === undefined ? {} : { port }), share };
  });
}

/** What makes an endpoint of a name itself. */
export function endpointKey({ address, port }: Pick<DnsEndpoint, 'address' | 'port'>): string {
  return port === undefined ? address : `${address} ${port}`;
}
