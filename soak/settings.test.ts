import { describe, expect, it } from 'vitest';
import { parseConfig } from '../src/config/index.ts';
import { randomFrom } from './random.ts';
import { servicesOf } from './services.ts';
import {
  allowedTargets,
  configFile,
  fullSettings,
  type Places,
  randomSettings,
  routedTarget,
} from './settings.ts';

const places: Places = {
  stage: 'native',
  vip: { v4: '10.1.0.1', v6: 'fd00:1::1' },
  targets: {
    target1: { v4: '10.2.1.1', v6: 'fd00:2::1:1' },
    target2: { v4: '10.2.2.1', v6: 'fd00:2::2:1' },
    target3: { v4: '10.2.3.1', v6: 'fd00:2::3:1' },
  },
  secondClient: { v4: '10.1.2.1/32', v6: 'fd00:1::2:1/128' },
  udpTimeoutSec: 8,
  accessLog: '/tmp/access.log',
};

const random = randomFrom(1);
const sets = Array.from({ length: 80 }, () => randomSettings(places, random));
const parse = (settings: (typeof sets)[number]) =>
  parseConfig(JSON.stringify(configFile(places, settings)), { format: 'json', file: null });
const parsed = sets.map((settings) => ({ settings, ...parse(settings) }));

describe('settings by chance', () => {
  it('are configurations without an error or a warning', () => {
    for (const { warnings } of parsed) expect(warnings).toEqual([]);
  });

  it('change all that may change: targets, weights, routes, proxies, interfaces of replies, hooks, events', () => {
    const different = (of: (settings: (typeof sets)[number]) => unknown) =>
      new Set(sets.map((settings) => JSON.stringify(of(settings)))).size;
    expect(different(({ pools }) => pools['web-nat-v4']?.targets)).toBe(7);
    expect(different(({ pools }) => pools['web-nat-v4']?.weights)).toBeGreaterThan(20);
    expect(different(({ strangers }) => strangers)).toBeGreaterThan(25);
    expect(different(({ hasGuests }) => hasGuests)).toBe(2);
    expect(different(({ tellsFlows }) => tellsFlows)).toBe(2);
    expect(different(({ replyInterfaces }) => replyInterfaces)).toBe(3);
    expect(different(({ attach }) => attach)).toBe(3);
  });

  it('name exactly the targets that may answer', () => {
    for (const { settings, config } of parsed) {
      const allowed = allowedTargets(settings);
      for (const { name, defaultTargets, sniRoutes } of config.proxies) {
        const hosts = (sniRoutes[0]?.targets ?? defaultTargets).map(
          ({ ip }) => Object.entries(places.targets).find(([, { v4, v6 }]) => ip === v4 || ip === v6)?.[0],
        );
        expect(hosts).toEqual(allowed[name]);
      }
    }
  });

  it('never send the second client of routed services to a default target, nor the first one to its', () => {
    for (const { settings, config } of parsed) {
      for (const { name, family } of servicesOf('routed')) {
        expect(allowedTargets(settings)[name]).not.toContain(routedTarget(places));
        const routes = config.proxies.find((proxy) => proxy.name === name)?.sourceRoutes ?? [];
        expect(routes).toHaveLength(settings.strangers + 1);
        expect(routes.flatMap(({ targets }) => targets.map(({ ip }) => ip))).toEqual(
          routes.map(() => places.targets.target3?.[family]),
        );
      }
    }
  });
});

it('a soak begins and ends with everything', () => {
  const settings = fullSettings(places);
  expect(settings.hasGuests).toBe(true);
  expect(settings.pools['web-nat-v4']?.targets).toEqual(['target1', 'target2', 'target3']);
  expect(parse(settings).config.proxies).toHaveLength(44);
});
