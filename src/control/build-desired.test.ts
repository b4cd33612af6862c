import { describe, expect, it } from 'vitest';
import { buildDesired } from './build-desired.ts';
import { hostInterface, hostView, routeBy, webConfig } from './host.fixture.ts';
import { targetAddresses } from './target-addresses.ts';

const TARGET = { ip: '10.2.1.1', port: 8080, weight: 100 };

describe('buildDesired', () => {
  it('listens on every address of the named interfaces that the targets can be reached from', () => {
    const { desired, warnings } = buildDesired(webConfig(), hostView());
    expect(desired.proxies).toEqual([
      {
        name: 'web',
        mode: 'nat',
        algorithm: 'weighted-random',
        listeners: [{ address: '192.0.2.1', port: 80, protocol: 'tcp' }],
        defaultTargets: [
          {
            address: '10.2.1.1',
            port: 8080,
            weight: 100,
            configuredWeight: 100,
            factors: {
              health: { value: 1, reason: 'not checked' },
              drain: { value: 1, reason: 'ready' },
              circuit: { value: 1, reason: 'no circuit breaker' },
              load: { value: 1, reason: 'not counted' },
            },
            local: false,
            proxyHeader: false,
            snatAddress: null,
            intervalNs: 0,
            toleranceNs: 0,
          },
        ],
        sourceRoutes: [],
        sourceLimit: null,
        sniRoutes: [],
        mss: { 4: 1460, 6: 65_475 },
      },
    ]);
    expect(warnings).toEqual([]);
  });

  it('gives each target its own limit or that of the proxy, and sources theirs, as time', () => {
    const config = webConfig({
      rateLimits: {
        perSource: { requestsPerSec: 3, burst: 1 },
        perBackend: { requestsPerSec: 100, burst: 200 },
        ipv4PrefixLength: 24,
        ipv6PrefixLength: 56,
      },
      defaultTargets: [
        { ip: '10.2.1.1', port: 1, weight: 1 },
        { ip: '10.2.1.1', port: 2, weight: 1, rateLimit: { requestsPerSec: 1, burst: 3 } },
        { ip: '10.2.1.1', port: 3, weight: 1, rateLimit: null },
      ],
    });
    const [proxy] = buildDesired(config, hostView()).desired.proxies;
    const rules = proxy?.defaultTargets.map(({ intervalNs, toleranceNs }) => [intervalNs, toleranceNs]);
    expect(rules).toEqual([
      [10_000_000, 1_990_000_000],
      [1_000_000_000, 2_000_000_000],
      [0, 0],
    ]);
    expect(proxy?.sourceLimit).toEqual({
      intervalNs: 333_333_333,
      toleranceNs: 0,
      ipv4PrefixLength: 24,
      ipv6PrefixLength: 56,
    });
  });

  it('weighs the targets of each IP version among themselves', () => {
    const ips = ['10.2.1.1', '10.2.1.2', 'fd00::1', 'fd00::2'];
    const config = webConfig({ defaultTargets: ips.map((ip) => ({ ip, port: 8080, weight: 25 })) });
    const host = hostView(undefined, Object.fromEntries(ips.map((ip) => [ip, routeBy('back0')])));
    const lives = new Set(['10.2.1.1']);
    const { desired } = buildDesired(config, host, (_proxy, { ip = '' }) => ({
      health: { value: lives.has(ip) ? 1 : 0, reason: '' },
      drain: { value: 1, reason: '' },
      circuit: { value: 1, reason: '' },
      load: { value: 1, reason: '' },
    }));
    // Nobody is left for IPv6 clients, so the configured weights stand there.
    expect(desired.proxies[0]?.defaultTargets.map(({ weight }) => weight)).toEqual([25, 0, 25, 25]);
  });

  it('listens on IPv6 for IPv6 targets, but never on a link-local address', () => {
    const config = webConfig({ defaultTargets: [{ ip: 'fd00::1', port: 8080, weight: 100 }] });
    const host = hostView(undefined, { 'fd00::1': routeBy('back0') });
    const addresses = buildDesired(config, host).desired.proxies[0]?.listeners.map((each) => each.address);
    expect(addresses).toEqual(['2001:db8::1']);
  });

  it('listens on the named addresses only, with each protocol, each place once', () => {
    const listen = {
      interfaces: ['front0'],
      addresses: ['192.0.2.9', '192.0.2.9'],
      port: 53,
      protocols: ['tcp', 'udp'],
    } as const;
    const { desired } = buildDesired(webConfig({ listen }), hostView());
    expect(desired.proxies[0]?.listeners).toEqual([
      { address: '192.0.2.9', port: 53, protocol: 'tcp' },
      { address: '192.0.2.9', port: 53, protocol: 'udp' },
    ]);
  });

  it('warns when no address can be listened on yet', () => {
    const host = hostView([hostInterface('front0', 2), hostInterface('back0', 3)]);
    const { desired, warnings } = buildDesired(webConfig(), host);
    expect(desired.proxies[0]?.listeners).toEqual([]);
    expect(warnings).toEqual(['proxy web: front0 has no address that it could listen on']);
  });

  it('knows which targets are on this host', () => {
    const host = hostView(undefined, { '10.2.1.1': routeBy('lo', { type: 'local' }) });
    expect(buildDesired(webConfig(), host).desired.proxies[0]?.defaultTargets[0]).toMatchObject({
      local: true,
      snatAddress: null,
    });
  });

  it('takes the source that the route prefers for snat, but not towards this host', () => {
    const config = webConfig({ mode: 'snat' });
    const targetOf = (host: ReturnType<typeof hostView>) =>
      buildDesired(config, host).desired.proxies[0]?.defaultTargets[0];
    expect(targetOf(hostView())?.snatAddress).toBe('10.2.0.1');
    const local = routeBy('lo', { type: 'local', prefSource: '127.0.0.1' });
    expect(targetOf(hostView(undefined, { '10.2.1.1': local }))?.snatAddress).toBeNull();
  });

  it.each([
    ['has no route', null],
    ['is unreachable', { type: 'unreachable' as const }],
  ])('keeps a target that %s, with one warning', (_what, route) => {
    const sourceRoutes = [{ source: '10.0.0.0/8', algorithm: 'weighted-random' as const, targets: [TARGET] }];
    const { desired, warnings } = buildDesired(
      webConfig({ sourceRoutes }),
      hostView(undefined, { '10.2.1.1': route }),
    );
    expect(desired.proxies[0]?.defaultTargets).toHaveLength(1);
    expect(warnings).toEqual(['proxy web: no route to target 10.2.1.1']);
  });

  it('leaves targets without an address out', () => {
    const defaultTargets = [TARGET, { host: 'web.example', port: 80, weight: 50 }];
    const { desired } = buildDesired(webConfig({ defaultTargets }), hostView());
    expect(desired.proxies[0]?.defaultTargets.map(({ address }) => address)).toEqual(['10.2.1.1']);
  });

  it('gives every SNI route its own targets, and tells clients of segments that all their ways take', () => {
    const sniRoutes = [
      {
        sniHostname: '*.example',
        algorithm: 'maglev' as const,
        targets: [{ ip: '10.2.2.2', port: 1, weight: 100 }],
      },
    ];
    const narrow = routeBy('back0', { mtu: 1400 });
    const { desired } = buildDesired(webConfig({ sniRoutes }), hostView(undefined, { '10.2.2.2': narrow }));
    expect(desired.proxies[0]?.sniRoutes).toMatchObject([
      { name: '*.example', targets: [{ address: '10.2.2.2', port: 1 }] },
    ]);
    expect(desired.proxies[0]?.mss[4]).toBe(1360);
  });

  it('gives every source route its own targets', () => {
    const sourceRoutes = [
      { source: '10.0.0.0/8', algorithm: 'weighted-random' as const, targets: [{ ...TARGET, port: 9090 }] },
    ];
    const { desired } = buildDesired(webConfig({ sourceRoutes }), hostView());
    expect(desired.proxies[0]?.sourceRoutes).toMatchObject([
      {
        source: '10.0.0.0/8',
        algorithm: 'weighted-random' as const,
        targets: [{ address: '10.2.1.1', port: 9090 }],
      },
    ]);
  });
});

describe('targetAddresses', () => {
  it('finds the addresses of default targets and of source routes', () => {
    const sourceRoutes = [
      {
        source: '10.0.0.0/8',
        algorithm: 'weighted-random' as const,
        targets: [{ ip: '10.2.2.2', port: 1, weight: 100 }],
      },
    ];
    const defaultTargets = [TARGET, { host: 'web.example', port: 80, weight: 50 }];
    expect(targetAddresses(webConfig({ defaultTargets, sourceRoutes }).proxies)).toEqual([
      '10.2.1.1',
      '10.2.2.2',
    ]);
  });
});
