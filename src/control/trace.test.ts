import { describe, expect, it } from 'vitest';
import type { ConnectionReport, InterfaceReport, TargetWeightReport } from '../report/index.ts';
import { desiredProxy, desiredState, target } from './desired.fixture.ts';
import { poolsOf, targetName } from './pool-weights.ts';
import { traceConnection } from './trace.ts';

const route = (source: string, address: string) => ({
  source,
  algorithm: 'maglev' as const,
  targets: [target(address)],
});
const WEB = desiredProxy('web', {
  listeners: [
    { address: '192.0.2.1', port: 80, protocol: 'tcp' },
    { address: '2001:db8::1', port: 80, protocol: 'tcp' },
  ],
  defaultTargets: [target('10.0.0.1', 50), target('10.0.0.2', 0), target('fd00::1')],
  sourceRoutes: [
    route('10.0.0.0/8', '10.0.1.1'),
    route('10.1.0.0/16', '10.0.1.2'),
    route('2001:db8:1::/48', 'fd00::2'),
  ],
});
const named = (name: string, ...addresses: readonly string[]) => ({
  name,
  algorithm: 'maglev' as const,
  targets: addresses.map((address) => target(address)),
});
const TLS = desiredProxy('tls', {
  listeners: [
    { address: '192.0.2.1', port: 443, protocol: 'tcp' },
    { address: '192.0.2.1', port: 443, protocol: 'udp' },
    { address: '2001:db8::1', port: 443, protocol: 'tcp' },
  ],
  defaultTargets: [target('10.0.0.1'), target('fd00::1')],
  sourceRoutes: [route('10.1.0.0/16', '10.0.1.2')],
  sniRoutes: [
    named('api.example.com', '10.0.2.1'),
    named('*.example.com', '10.0.2.2', 'fd00::2'),
    named('*.com', '10.0.2.3'),
  ],
});
const DESIRED = desiredState(
  WEB,
  TLS,
  desiredProxy('dns', { listeners: [{ address: '192.0.2.1', port: 53, protocol: 'udp' }] }),
);
const INTERFACES: InterfaceReport[] = [
  { name: 'eth0', index: 2, role: 'listen', mode: 'native' },
  { name: 'eth1', index: 3, role: 'reply', mode: 'tc' },
  { name: 'eth2', index: 0, role: 'both', mode: 'detached' },
];
const TARGETS: TargetWeightReport[] = DESIRED.proxies.flatMap((proxy) =>
  poolsOf(proxy).flatMap(({ pool, algorithm, targets }) =>
    targets.map((each) => ({
      proxy: proxy.name,
      pool,
      algorithm,
      target: targetName(each),
      configuredWeight: each.configuredWeight,
      effectiveWeight: each.weight,
      sharePercent: each.weight > 0 ? 100 : 0,
      factors: each.factors,
      activeFlows: 0,
    })),
  ),
);
const FLOW: ConnectionReport = {
  protocol: 'tcp',
  client: '172.16.0.1:40000',
  listener: '192.0.2.1:80',
  target: '10.0.0.2:80',
  proxy: 'web',
  state: 'established',
  ageSeconds: 1,
  idleSeconds: 1,
  forward: { packets: 1, bytes: 1 },
  reply: { packets: 1, bytes: 1 },
};

const trace = (
  client: string,
  destination: string,
  protocol: 'tcp' | 'udp' = 'tcp',
  flows = [FLOW],
  sni?: string,
) =>
  traceConnection(
    { desired: DESIRED, interfaces: INTERFACES, targets: TARGETS, flows },
    { client, destination, protocol, sni },
  );
const names = ({ candidates }: ReturnType<typeof trace>) => candidates.map((each) => each.target);

describe('the trace of a connection', () => {
  it('leads to the default targets of its IP version, with their shares, and tells open flows', () => {
    const report = trace('172.16.0.1', '192.0.2.1:80');
    expect(report).toMatchObject({
      outcome: 'balanced',
      proxy: 'web',
      mode: 'nat',
      interfaces: ['eth0'],
      flows: [FLOW],
    });
    expect(names(report)).toEqual(['10.0.0.1:80', '10.0.0.2:80']);
    expect(report.steps).toEqual([
      '192.0.2.1:80/tcp is a listener of proxy web (nat), on eth0',
      'none of the 3 source routes has 172.16.0.1: the default targets serve it',
      'a new connection goes to one of 10.0.0.1:80 100%, 10.0.0.2:80 0% (weighted-random)',
      '172.16.0.1:40000 is open and stays with 10.0.0.2:80 (established)',
    ]);
    expect(names(trace('2001:db8::9', '[2001:db8::1]:80'))).toEqual(['[fd00::1]:80']);
  });

  it.each([
    ['10.1.2.3', '10.1.0.0/16', '10.0.1.2:80'],
    ['10.2.0.0:1234', '10.0.0.0/8', '10.0.1.1:80'],
    ['10.255.255.255', '10.0.0.0/8', '10.0.1.1:80'],
  ])('from %s takes the most specific route, %s', (client, pool, found) => {
    const report = trace(client, '192.0.2.1:80');
    expect(report).toMatchObject({ pool, algorithm: 'maglev' });
    expect(names(report)).toEqual([found]);
  });

  it('of IPv6 takes a route of IPv6, in any spelling', () => {
    const report = trace('2001:DB8:1:0::5', '[2001:db8:0:0::1]:80');
    expect(report).toMatchObject({ pool: '2001:db8:1::/48', destination: '[2001:db8::1]:80' });
    expect(names(report)).toEqual(['[fd00::2]:80']);
  });

  it.each([
    ['api.example.com', 'api.example.com', '10.0.2.1:80', 'api.example.com has an SNI route of its own'],
    ['API.Example.com', 'api.example.com', '10.0.2.1:80', 'api.example.com has an SNI route of its own'],
    [
      'www.example.com',
      '*.example.com IPv4',
      '10.0.2.2:80',
      'www.example.com is a name of the SNI route *.example.com',
    ],
    [
      'a.b.example.com',
      'default IPv4',
      '10.0.0.1:80',
      'none of the 3 SNI routes has a.b.example.com: the default targets serve it',
    ],
    ['com', 'default IPv4', '10.0.0.1:80', 'none of the 3 SNI routes has com: the default targets serve it'],
  ])('to %s takes the SNI route %s', (sni, pool, found, step) => {
    const report = trace('172.16.0.1', '192.0.2.1:443', 'tcp', [], sni);
    expect(report).toMatchObject({ pool, outcome: 'balanced' });
    expect(names(report)).toEqual([found]);
    expect(report.steps.slice(1, 3)).toEqual(['the only source route does not have 172.16.0.1', step]);
  });

  it('says that the name decides when it is not told', () => {
    expect(trace('172.16.0.1', '192.0.2.1:443').steps[2]).toBe(
      'the host name in its first bytes chooses an SNI route (--sni NAME shows which); without one the default targets serve it',
    );
  });

  it('to a name is led by its source all the same, and over UDP the name does not matter', () => {
    expect(trace('10.1.2.3', '192.0.2.1:443', 'tcp', [], 'api.example.com').pool).toBe('10.1.0.0/16');
    const udp = trace('172.16.0.1', '192.0.2.1:443', 'udp', [], 'api.example.com');
    expect([udp.pool, udp.steps[2]]).toEqual([
      'default IPv4',
      'the name that it asks for does not matter: there are no SNI routes for it',
    ]);
  });

  it('has no target where a name has none of its IP version', () => {
    const report = trace('2001:db8::9', '[2001:db8::1]:443', 'tcp', [], 'api.example.com');
    expect([report.outcome, report.candidates]).toEqual(['no_target', []]);
  });

  it('ends where nobody listens, with what is near', () => {
    expect(trace('172.16.0.1', '192.0.2.1:81')).toMatchObject({
      outcome: 'not_ours',
      proxy: null,
      candidates: [],
      steps: [
        'no proxy listens on 192.0.2.1:81/tcp; this address has 192.0.2.1:80/tcp (web), 192.0.2.1:443/tcp (tls), 192.0.2.1:443/udp (tls), 192.0.2.1:53/udp (dns)',
      ],
    });
    expect(trace('172.16.0.1', '192.0.2.9:80').steps).toEqual(['no proxy listens on 192.0.2.9:80/tcp']);
    expect(trace('172.16.0.1', '192.0.2.1:80', 'udp').outcome).toBe('not_ours');
    expect(trace('172.16.0.1', '192.0.2.1:53', 'udp').outcome).toBe('balanced');
  });

  it('says what is wrong with the question', () => {
    expect(() => trace('nobody', '192.0.2.1:80')).toThrow();
    expect(() => trace('172.16.0.1', '192.0.2.1')).toThrow();
    expect(() => trace('172.16.0.1', '[2001:db8::1]:80')).toThrow(/not of one IP version/);
  });
});
