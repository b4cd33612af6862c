import { configuredTargets, type ProxyConfig } from '../config/index.ts';

/** Every address that proxies send to. */
export function targetAddresses(proxies: readonly ProxyConfig[]): string[] {
  const addresses: string[] = [];
  for (const proxy of proxies) {
    for (const { ip } of configuredTargets(proxy)) if (ip !== undefined) addresses.push(ip);
  }
  return addresses;
}
