import { type Config, configuredTargets, type ProxyConfig } from '../config/index.ts';
import type { DnsStatus } from '../dns/index.ts';
import type { DnsReport } from '../report/index.ts';

/** What names stand for, and which proxies name them. */
export function dnsReport(config: Config, statuses: readonly DnsStatus[]): DnsReport {
  const hosts = statuses.map(({ endpoints, ttlSec, ...status }) => ({
    ...status,
    ttlSeconds: ttlSec,
    proxies: proxiesOf(config, status.hostname),
    addresses: endpoints.map(({ address, port, share }) => ({ address, port: port ?? null, share })),
  }));
  return { hosts };
}

/** Names of the proxies whose targets have a host name. */
export function proxiesOf({ proxies }: Config, hostname: string): string[] {
  return proxies.filter((proxy) => namesHost(proxy, hostname)).map(({ name }) => name);
}

/** A warning for each name that could not be resolved last time. */
export function nameWarnings(statuses: readonly DnsStatus[]): string[] {
  return statuses
    .filter(({ lastError }) => lastError !== null)
    .map(({ hostname, lastError }) => `host ${hostname}: ${lastError}; its last addresses stand`);
}

function namesHost(proxy: ProxyConfig, hostname: string): boolean {
  return configuredTargets(proxy).some(({ host }) => host === hostname);
}
