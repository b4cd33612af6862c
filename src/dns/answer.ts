/** One place that a name stands for. */
export interface DnsEndpoint {
  /** Canonical IPv4 or IPv6 address. */
  readonly address: string;
  /** The port that an SRV record names; absent for A and AAAA records. */
  readonly port?: number;
  /** Share of the name's weight, 0 to 1; the shares of a name sum to 1. */
  readonly share: number;
}

/** What a name stands for now. */
export interface DnsAnswer {
  /** In the order of their addresses; never empty. */
  readonly endpoints: readonly DnsEndpoint[];
  /** How long the records may be kept, seconds; null when their source does not say (hosts file, name service). */
  readonly ttlSec: number | null;
}

/** Looks a name up. @throws Error when nobody answers, or no record has an address. */
export type LookUp = (name: string) => Promise<DnsAnswer>;

/** One address with the relative weight that it was given. */
export interface WeightedEndpoint {
  readonly address: string;
  readonly port?: number;
  readonly weight: number;
}

/** Makes shares of weights, without doubles; equal shares when every weight is 0 (RFC 2782). */
export function shareOut(weighted: readonly WeightedEndpoint[]): readonly DnsEndpoint[] {
  const unique = new Map<string, WeightedEndpoint>();
  for (const each of weighted) {
    const key = endpointKey(each);
    unique.set(key, { ...each, weight: each.weight + (unique.get(key)?.weight ?? 0) });
  }
  const all = [...unique.values()].sort((a, b) => (endpointKey(a) < endpointKey(b) ? -1 : 1));
  const total = all.reduce((sum, { weight }) => sum + weight, 0);
  return all.map(({ address, port, weight }) => ({
    address,
    ...(port === undefined ? {} : { port }),
    share: total > 0 ? weight / total : 1 / all.length,
  }));
}

/** What makes an endpoint of a name itself. */
export function endpointKey({ address, port }: Pick<DnsEndpoint, 'address' | 'port'>): string {
  return port === undefined ? address : `${address} ${port}`;
}
