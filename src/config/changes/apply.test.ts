import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SluiceError } from '../../errors/index.ts';
import { configDifferences } from '../difference/compare.ts';
import { configDocument } from '../document/document.ts';
import { formatConfig } from '../document/text.ts';
import { configHash } from '../hash.ts';
import { parseConfig } from '../load.ts';
import type { Config } from '../model.ts';
import { anyChange } from '../testing/changes.ts';
import { refusalOf } from '../testing/marked.ts';
import { changeConfig } from './apply.ts';
import type { Change } from './change.ts';

const BASE = `
proxies:
  - name: web
    listen: { interfaces: [eth0], port: 80, protocol: tcp }
    healthCheck: { type: http }
    defaultTarget:
      - { ip: 10.0.0.1, port: 80, weight: 50 }
      - { ip: 10.0.0.2, port: 80, weight: 30 }
      - { ip: 10.0.0.3, port: 80, weight: 20 }
    sourceRoutes:
      - { source: 10.1.0.0/16, targets: [{ ip: 10.0.0.4, port: 80 }, { ip: 10.0.0.5, port: 80 }] }
  - name: dns
    listen: { address: 192.0.2.1, port: 53, protocol: udp }
    defaultTarget: { ip: 10.0.0.9, port: 53 }
`;
const base = parseConfig(BASE, { format: 'yaml', file: null }).config;

const changed = (...changes: Change[]): Config =>
  changes.reduce((config, change) => changeConfig(config, change).config, base);
const weightsOf = (config: Config, route?: number) => {
  const web = config.proxies[0];
  const targets = route === undefined ? web?.defaultTargets : web?.sourceRoutes[route]?.targets;
  return Object.fromEntries((targets ?? []).map(({ ip, weight }) => [ip, weight]));
};
const refusal = (change: Change) => refusalOf(() => changeConfig(base, change));
const target = (index: number, weight?: number) => ({
  ip: `10.0.0.${index}`,
  port: 80,
  ...(weight && { weight }),
});

describe('weights', () => {
  it('of the others shrink in proportion when a target joins with a percentage', () => {
    const config = changed({ kind: 'addTarget', proxy: 'web', target: target(7, 20) });
    expect(weightsOf(config)).toEqual({ '10.0.0.1': 40, '10.0.0.2': 24, '10.0.0.3': 16, '10.0.0.7': 20 });
  });

  it('of a target that names none are an equal share', () => {
    const config = changed({ kind: 'addTarget', proxy: 'web', target: target(7) });
    expect(weightsOf(config)['10.0.0.7']).toBe(25);
  });

  it('stay equal where none was named', () => {
    const config = changed({ kind: 'addTarget', proxy: 'web', pool: '10.1.0.0/16', target: target(7) });
    expect(weightsOf(config, 0)).toEqual({ '10.0.0.4': 1, '10.0.0.5': 1, '10.0.0.7': 1 });
  });

  it('grow in proportion when a target leaves, and come back when it returns', () => {
    const without = changed({ kind: 'removeTarget', proxy: 'web', target: '10.0.0.3:80' });
    expect(weightsOf(without)).toEqual({ '10.0.0.1': 63, '10.0.0.2': 37 });
    const again = changeConfig(without, { kind: 'addTarget', proxy: 'web', target: target(3, 20) }).config;
    expect(weightsOf(again)).toEqual({ '10.0.0.1': 50, '10.0.0.2': 30, '10.0.0.3': 20 });
  });

  it('that are set leave the rest to the others, as they shared it', () => {
    const weights = { '10.0.0.1:80': 20 };
    expect(weightsOf(changed({ kind: 'setWeights', proxy: 'web', weights }))).toEqual({
      '10.0.0.1': 20,
      '10.0.0.2': 48,
      '10.0.0.3': 32,
    });
  });

  it('can all be set, or made equal', () => {
    const weights = { '10.0.0.1:80': 1, '10.0.0.2:80': 1, '10.0.0.3:80': 98 };
    const config = changed({ kind: 'setWeights', proxy: 'web', weights });
    expect(Object.values(weightsOf(config))).toEqual([1, 1, 98]);
    const equal = changed({ kind: 'setWeights', proxy: 'web', weights: 'equal' });
    expect(Object.values(weightsOf(equal))).toEqual([1, 1, 1]);
  });

  it.each([
    [{ '10.0.0.1:80': 50, '10.0.0.2:80': 30, '10.0.0.3:80': 30 }, 'sum to 110', '#/weights'],
    [{ '10.0.0.1:80': 99 }, 'each of the 2 other targets needs 1 percent', '#/weights'],
    [{ '10.0.0.1:80': 0 }, 'found 0, expected an integer from 1 to 100', '#/weights/10.0.0.1%3A80'],
  ])('%j are refused: %s', (weights, message, pointer) => {
    const { code, details } = refusal({ kind: 'setWeights', proxy: 'web', weights });
    expect(code).toBe('config_invalid');
    expect(details).toEqual([
      { where: expect.any(String), message: expect.stringContaining(message), pointer },
    ]);
  });

  it('that leave nothing for the others are refused when a target joins', () => {
    const { code, details } = refusal({ kind: 'addTarget', proxy: 'web', target: target(7, 98) });
    expect({ code, pointer: details[0]?.pointer }).toEqual({ code: 'config_invalid', pointer: '#/weight' });
  });
});

describe('what is brought', () => {
  it('is held against the rules of a file, with pointers into it', () => {
    const proxy = {
      name: 'new',
      listen: { interfaces: ['eth0'], port: 0 },
      defaultTarget: { ip: '10.0.0.300' },
    };
    expect(refusal({ kind: 'addProxy', proxy }).details.map(({ pointer }) => pointer)).toEqual([
      '#/listen/port',
      '#/defaultTarget/ip',
      '#/defaultTarget/port',
    ]);
  });

  it('inherits the check of the proxy', () => {
    const config = changed({
      kind: 'addTarget',
      proxy: 'web',
      target: { ...target(7), healthCheck: { path: '/up' } },
    });
    expect(config.proxies[0]?.defaultTargets.at(-1)?.healthCheck).toMatchObject({
      type: 'http',
      path: '/up',
    });
  });

  it('is told of when it is strange', () => {
    const route = { source: '10.2.3.4/16', target: target(4) };
    const { config, warnings } = changeConfig(base, { kind: 'addSourceRoute', proxy: 'web', route });
    expect(warnings).toEqual([
      { where: 'source', message: expect.stringContaining('10.2.0.0/16'), pointer: '#/source' },
    ]);
    expect(config.proxies[0]?.sourceRoutes.map(({ source }) => source)).toEqual([
      '10.1.0.0/16',
      '10.2.0.0/16',
    ]);
  });

  it('takes the place of a proxy or a route', () => {
    const route = { source: '10.1.0.0/16', target: target(8) };
    const config = changed({ kind: 'setSourceRoute', proxy: 'web', source: '10.1.9.9/16', route });
    expect(weightsOf(config, 0)).toEqual({ '10.0.0.8': 100 });
    const proxy = { ...configDocument(base).proxies[1], mode: 'snat' };
    expect(changed({ kind: 'setProxy', name: 'dns', proxy }).proxies[1]?.mode).toBe('snat');
  });
});

describe('what does not fit', () => {
  const dns = configDocument(base).proxies[1];
  const route = { source: '10.1.0.0/16', target: target(4) };
  it.each<[Change, string, RegExp]>([
    [{ kind: 'addProxy', proxy: dns }, 'conflict', /"dns" is taken/],
    [{ kind: 'addProxy', proxy: { ...dns, name: 'dns2' } }, 'config_invalid', /listen on the same/],
    [{ kind: 'setProxy', name: 'web', proxy: dns }, 'config_invalid', /keeps its name/],
    [{ kind: 'removeProxy', name: 'wbe' }, 'not_found', /no proxy "wbe"/],
    [{ kind: 'addTarget', proxy: 'web', target: target(1) }, 'config_invalid', /web would not be valid/],
    [
      { kind: 'addTarget', proxy: 'web', target: { ip: 'fd00::1', port: 80 } },
      'config_invalid',
      /not be valid/,
    ],
    [{ kind: 'addTarget', proxy: 'web', target: [target(7), target(8)] }, 'config_invalid', /not one target/],
    [{ kind: 'addTarget', proxy: 'web', pool: '10.9.0.0/16', target: target(7) }, 'not_found', /no pool/],
    [{ kind: 'removeTarget', proxy: 'web', target: '10.0.0.9:80' }, 'not_found', /no target 10\.0\.0\.9:80/],
    [{ kind: 'removeTarget', proxy: 'dns', target: '10.0.0.9:53' }, 'conflict', /last target/],
    [{ kind: 'addSourceRoute', proxy: 'web', route }, 'conflict', /of 10\.1\.0\.0\/16 already/],
    [
      { kind: 'setSourceRoute', proxy: 'web', source: '10.2.0.0/16', route },
      'config_invalid',
      /not of 10\.2/,
    ],
    [{ kind: 'removeSourceRoute', proxy: 'web', source: '10.2.0.0/16' }, 'not_found', /no source route/],
    [
      { kind: 'addSniRoute', proxy: 'dns', route: { sniHostname: 'a', target: target(1) } },
      'config_invalid',
      /dns/,
    ],
    [{ kind: 'removeSniRoute', proxy: 'web', hostname: 'a' }, 'not_found', /no SNI route/],
    [{ kind: 'attachInterfaces', interfaces: ['a/b'] }, 'config_invalid', /web would not be valid/],
    [{ kind: 'detachInterfaces', interfaces: ['eth0'] }, 'conflict', /nothing would be left that web/],
    [{ kind: 'detachInterfaces', interfaces: ['eth7'] }, 'not_found', /no proxy listens on eth7/],
  ])('%j is refused', (change, code, message) => {
    const error = refusal(change);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it('is the last proxy', () => {
    const single = changed({ kind: 'removeProxy', name: 'dns' });
    expect(refusalOf(() => changeConfig(single, { kind: 'removeProxy', name: 'web' })).code).toBe('conflict');
  });
});

describe('interfaces', () => {
  it('are attached to all proxies that name some, or to one', () => {
    const all = changed({ kind: 'attachInterfaces', interfaces: ['eth1', 'eth0'] });
    expect(all.proxies.map(({ listen }) => listen.interfaces)).toEqual([['eth0', 'eth1'], []]);
    const one = changed({ kind: 'attachInterfaces', interfaces: ['eth1'], proxy: 'dns' });
    expect(one.proxies.map(({ listen }) => listen.interfaces)).toEqual([['eth0'], ['eth1']]);
    expect(configHash(changeConfig(all, { kind: 'detachInterfaces', interfaces: ['eth1'] }).config)).toBe(
      configHash(base),
    );
  });
});

describe('any row of changes', () => {
  const change = anyChange({
    interfaces: ['eth0', 'eth1'],
    targets: ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'],
  });
  const sniRoute = (sniHostname: string) => ({ sniHostname, target: target(1) });
  // Such that each kind of change finds something to change in many of the rows.
  const start = JSON.stringify({
    proxies: ['p0', 'p1'].map((name, index) => ({
      name,
      listen: { interfaces: ['eth0', 'eth1'], port: 998 + index },
      defaultTarget: [target(1), target(2), target(3), target(4)],
      sourceRoutes: ['10.1.0.0/16', '10.1.1.0/24'].map((source) => ({ source, target: target(1) })),
      sniRoutes: index === 0 ? [] : ['api.example', 'web.example'].map(sniRoute),
    })),
  });

  it('leaves a configuration that a file can say, and differs by something exactly when its hash does', () => {
    const kinds = new Set<string>();
    fc.assert(
      fc.property(fc.array(change, { minLength: 5, maxLength: 25 }), (changes) => {
        let { config } = parseConfig(start, { format: 'json', file: null });
        for (const each of changes) {
          const next = tryChange(config, each);
          if (next === null) continue;
          kinds.add(each.kind);
          const isSame = configHash(next) === configHash(config);
          expect(configDifferences(config, next).length === 0).toBe(isSame);
          config = next;
        }
        const text = formatConfig(config, 'json');
        expect(parseConfig(text, { format: 'json', file: null }).config).toEqual(config);
      }),
      { numRuns: 150 },
    );
    expect(kinds.size).toBe(14);
  });
});

function tryChange(config: Config, change: Change): Config | null {
  try {
    return changeConfig(config, change).config;
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error;
    expect(['config_invalid', 'not_found', 'conflict']).toContain(error.code);
    return null;
  }
}
