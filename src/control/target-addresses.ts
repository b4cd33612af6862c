import type { ProxyConfig } from '../config/index.ts';

/** Every address that proxies send to. */
export function targetAddresses(proxies: readonly ProxyConfig[]): string[] {
  return proxies.flatMap((proxy) =>
    [
      ...proxy.defaultTargets,
      ...[...proxy.sourceRoutes, ...proxy.sniRoutes].flatMap((route) => route.targets),
    ].flatMap(({ ip }) => ip ?? []),
  );
}
