import { describe, expect, it } from 'vitest';
import type { Config } from '../config/index.ts';
import { chooseInterfaces, listenInterfaces } from './choose-interfaces.ts';
import { hostInterface, hostView, routeBy, webConfig } from './host.fixture.ts';

const front = hostInterface('front0', 2, ['192.0.2.1']);
const back = hostInterface('back0', 3, ['10.2.0.1']);

function choose(config: Config, host = hostView()) {
  const warnings: string[] = [];
  const { interfaces, missing } = chooseInterfaces(config, host, warnings);
  return { words: interfaces.map(({ name, role, mode }) => `${name} ${role} ${mode}`), missing, warnings };
}

describe('chooseInterfaces', () => {
  it('takes the listening interface and the one that leads to the targets', () => {
    expect(choose(webConfig()).words).toEqual(['front0 listen native', 'back0 reply native']);
  });

  it('takes an interface that is both once', () => {
    const host = hostView([front], { '10.2.1.1': routeBy('front0') });
    expect(choose(webConfig(), host).words).toEqual(['front0 both native']);
  });

  it.each([
    ['none', ['front0 listen native']],
    [['other0'], ['front0 listen native', 'other0 reply native']],
    [['front0'], ['front0 both native']],
  ] as const)('obeys replyInterfaces %j', (replyInterfaces, expected) => {
    const host = hostView([front, back, hostInterface('other0', 4)]);
    expect(choose(webConfig({}, { replyInterfaces }), host).words).toEqual(expected);
  });

  it('does not take the loopback for targets on this host, nor anything for unreachable ones', () => {
    for (const route of [routeBy('lo', { type: 'local' }), { type: 'unreachable' } as const, null]) {
      const host = hostView([hostInterface('lo', 1), front, back], { '10.2.1.1': route });
      expect(choose(webConfig(), host).words).toEqual(['front0 listen native']);
    }
  });

  it.each(['veth', 'bridge', 'tun', 'vlan', 'bond'])('chooses TC on %s by itself', (kind) => {
    const host = hostView([{ ...front, kind }, back]);
    expect(choose(webConfig(), host).words).toEqual(['front0 listen tc', 'back0 reply native']);
  });

  it('obeys the mode that is asked for, for all or by name, and lets only `auto` fall back', () => {
    expect(choose(webConfig({}, { attach: 'generic' })).words).toEqual([
      'front0 listen generic',
      'back0 reply generic',
    ]);
    const config = webConfig({}, { attach: { front0: 'tc' } });
    expect(choose(config).words).toEqual(['front0 listen tc', 'back0 reply native']);
    const { interfaces } = chooseInterfaces(config, hostView(), []);
    expect(interfaces.map(({ mayFallBack }) => mayFallBack)).toEqual([false, true]);
  });

  it('notes interfaces that are missing, and what for', () => {
    const host = hostView([back]);
    expect(choose(webConfig(), host)).toEqual({
      words: ['back0 reply native'],
      missing: [{ name: 'front0', role: 'listen' }],
      warnings: ['interface front0 is missing: it will be attached when it is there'],
    });
  });

  it('refuses to listen where there are no Ethernet frames, and does without them for replies', () => {
    const tunnel = { mac: null, kind: 'wireguard' };
    const listening = hostView([{ ...front, ...tunnel }, back]);
    expect(() => choose(webConfig(), listening)).toThrow('interface front0 carries no Ethernet frames');
    const replying = hostView([front, { ...back, ...tunnel }]);
    expect(choose(webConfig(), replying)).toMatchObject({
      words: ['front0 listen native'],
      warnings: ["interface back0 carries no Ethernet frames: replies from it take the kernel's own path"],
    });
  });
});

describe('listenInterfaces', () => {
  it('are the named ones, or else those that have the addresses', () => {
    const [web] = webConfig().proxies;
    if (web === undefined) throw new Error('the fixture has a proxy');
    expect(listenInterfaces(web, hostView())).toEqual(['front0']);
    const listen = { ...web.listen, interfaces: [], addresses: ['10.2.0.1'] };
    expect(listenInterfaces({ ...web, listen }, hostView())).toEqual(['back0']);
  });
});
