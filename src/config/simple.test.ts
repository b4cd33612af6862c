import { describe, expect, it } from 'vitest';
import { simpleConfig } from './simple.ts';
import { refusalOf } from './testing/marked.ts';

describe('simpleConfig', () => {
  it('has the defaults of the flags', () => {
    const { proxies, settings } = simpleConfig({ interfaces: ['eth0'] });
    expect(proxies).toEqual([
      {
        name: 'default',
        listen: { interfaces: ['eth0'], addresses: [], port: 80, protocols: ['tcp', 'udp'] },
        mode: 'nat',
        algorithm: 'weighted-random',
        healthCheck: settings.healthCheckDefaults,
        rateLimits: { perSource: null, perBackend: null, ipv4PrefixLength: 32, ipv6PrefixLength: 64 },
        circuitBreaker: settings.circuitBreaker,
        defaultTargets: [{ ip: '127.0.0.1', port: 8080, weight: 100 }],
        sourceRoutes: [],
        sniRoutes: [],
      },
    ]);
    expect(settings).toMatchObject({
      statsEnabled: false,
      connectionTimeoutSec: 300,
      maxConnections: 100_000,
    });
  });

  it('takes what the flags say', () => {
    const { proxies, settings } = simpleConfig({
      interfaces: ['eth0', 'eth1'],
      port: 443,
      target: '[2001:DB8::1]:8443',
      statsEnabled: true,
    });
    expect(proxies[0]?.listen).toMatchObject({ interfaces: ['eth0', 'eth1'], port: 443 });
    expect(proxies[0]?.defaultTargets).toEqual([{ ip: '2001:db8::1', port: 8443, weight: 100 }]);
    expect(settings.statsEnabled).toBe(true);
  });

  it.each([
    [{ interfaces: [] }, 'listen.interfaces'],
    [{ interfaces: ['a b'] }, 'listen.interfaces'],
    [{ interfaces: ['eth0'], port: 70_000 }, 'listen.port'],
  ])('refuses %j', (options, where) => {
    const error = refusalOf(() => simpleConfig(options));
    expect(error.code).toBe('usage');
    expect(error.details.map((detail) => detail.where)).toEqual([expect.stringContaining(where)]);
  });

  it('refuses a target that is no endpoint', () => {
    expect(refusalOf(() => simpleConfig({ interfaces: ['eth0'], target: '10.0.0.1' })).code).toBe('usage');
  });
});
