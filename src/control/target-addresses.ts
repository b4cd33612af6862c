import { configuredTargets, type ProxyConfig } from '../config/index.ts';

/** Every address that proxies send to. */
export function targetAddresses(proxies: readonly ProxyConfig[]): string[] {
  return proxies.flatMap((proxy) => configuredTargets(proxy).flatMap(({ ip }) => ip ?? []));
}
