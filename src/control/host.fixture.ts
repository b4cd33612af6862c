import type { Config, ProxyConfig, Settings } from '../config/index.ts';
import { simpleConfig } from '../config/index.ts';
import type { DeliveringRoute, HostInterface, HostRoute } from '../host/index.ts';
import type { HostView } from './host-view.ts';

/** An interface with these addresses (`address` or `address@scope`), hardware unless told otherwise. */
export function hostInterface(
  name: string,
  index: number,
  addresses: readonly string[] = [],
  overrides: Partial<HostInterface> = {},
): HostInterface {
  return {
    name,
    index,
    kind: null,
    driver: 'ixgbe',
    mac: '02:00:00:00:00:01',
    mtu: 1500,
    up: true,
    running: true,
    master: null,
    link: null,
    xdp: null,
    addresses: addresses.map((text) => {
      const [address = '', scope = 'global'] = text.split('@');
      const family = address.includes(':') ? 6 : 4;
      return { address, family, prefixLength: 24, scope: scope === 'link' ? 'link' : 'global' };
    }),
    ...overrides,
  };
}

/** A route out of an interface. */
export function routeBy(dev: string, overrides: Partial<DeliveringRoute> = {}): DeliveringRoute {
  return { type: 'unicast', dev, gateway: null, prefSource: '10.2.0.1', mtu: null, ...overrides };
}

/** A host with an interface for clients and one for targets, unless told otherwise. */
export function hostView(
  interfaces: readonly HostInterface[] = [
    hostInterface('front0', 2, ['192.0.2.1', '2001:db8::1', 'fe80::1@link']),
    hostInterface('back0', 3, ['10.2.0.1']),
  ],
  routes: Readonly<Record<string, HostRoute | null>> = { '10.2.1.1': routeBy('back0') },
): HostView {
  return { interfaces, routes: new Map(Object.entries(routes)) };
}

/** A configuration of one proxy `web` on front0:80/tcp to 10.2.1.1:8080. */
export function webConfig(proxy: Partial<ProxyConfig> = {}, settings: Partial<Settings> = {}): Config {
  const simple = simpleConfig({ interfaces: ['front0'], port: 80, target: '10.2.1.1:8080' });
  return {
    settings: { ...simple.settings, ...settings },
    proxies: simple.proxies.map((each) => ({
      ...each,
      name: 'web',
      listen: { ...each.listen, protocols: ['tcp'] },
      ...proxy,
    })),
  };
}
