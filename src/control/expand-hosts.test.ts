import { describe, expect, it } from 'vitest';
import { expandHosts, hostNames } from './expand-hosts.ts';
import { webConfig } from './host.fixture.ts';

const HOSTS = new Map([
  [
    'a.test',
    [
      { address: '10.0.0.1', share: 0.5 },
      { address: '10.0.0.2', share: 0.5 },
    ],
  ],
  ['_web._tcp.test', [{ address: 'fd00::1', port: 8443, share: 1 }]],
]);
const target = (host: string, weight: number) => ({ host, port: 80, weight, dnsRefreshSeconds: 5 });

describe('expandHosts', () => {
  const expanded = (
    ...defaultTargets: NonNullable<Parameters<typeof webConfig>[0]>['defaultTargets'] & object
  ) => expandHosts(webConfig({ defaultTargets }), HOSTS).proxies[0]?.defaultTargets;

  it('gives each address of a name its share of the weight, beside targets with an address', () => {
    expect(expanded({ ip: '10.0.0.9', port: 80, weight: 40 }, target('a.test', 60))).toEqual([
      { ip: '10.0.0.9', port: 80, weight: 40 },
      { ip: '10.0.0.1', port: 80, weight: 30 },
      { ip: '10.0.0.2', port: 80, weight: 30 },
    ]);
  });

  it('takes the port of a service record', () => {
    expect(expanded(target('_web._tcp.test', 100))).toEqual([{ ip: 'fd00::1', port: 8443, weight: 100 }]);
  });

  it('makes one target of an address that is there twice', () => {
    expect(expanded({ ip: '10.0.0.1', port: 80, weight: 50 }, target('a.test', 50))).toEqual([
      { ip: '10.0.0.1', port: 80, weight: 75 },
      { ip: '10.0.0.2', port: 80, weight: 25 },
    ]);
  });

  it('leaves proxies without names the objects that they are', () => {
    const config = webConfig();
    expect(expandHosts(config, HOSTS).proxies[0]).toBe(config.proxies[0]);
  });

  it('leaves out a name that is not known', () => {
    expect(expanded(target('b.test', 100))).toEqual([]);
  });
});

describe('hostNames', () => {
  it('finds names wherever targets are', () => {
    const sourceRoutes = [
      { source: '10.0.0.0/8', algorithm: 'weighted-random' as const, targets: [target('b.test', 100)] },
    ];
    expect(hostNames(webConfig({ defaultTargets: [target('a.test', 100)], sourceRoutes }))).toEqual([
      { hostname: 'a.test', refreshSec: 5, where: 'proxy web, defaultTarget' },
      { hostname: 'b.test', refreshSec: 5, where: 'proxy web, source 10.0.0.0/8' },
    ]);
  });
});
