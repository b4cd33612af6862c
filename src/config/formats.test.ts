import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configHash } from './hash.ts';
import { parseConfig } from './load.ts';
import type { ConfigFormat } from './source/formats.ts';
import { type Plain, render } from './testing/render.ts';

const port = fc.integer({ min: 1, max: 65_535 });
const ipv4 = fc
  .tuple(fc.integer({ min: 1, max: 223 }), fc.nat(255), fc.nat(255), fc.nat(255))
  .map((parts) => parts.join('.'));
const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,3})?$/);
const text = fc
  .string({ minLength: 1, maxLength: 12, unit: 'grapheme-ascii' })
  .map((name) => `n${name.trim()}`);

const healthCheck = fc.record(
  {
    type: fc.constantFrom('tcp', 'http', 'https', 'none'),
    path: word.map((name) => `/${name}`),
    intervalMs: fc.integer({ min: 1000, max: 300_000 }),
    expectedCodes: fc.array(fc.integer({ min: 100, max: 599 }), { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: [] },
);
const target = fc.oneof(
  fc.record({ ip: ipv4, port, healthCheck }, { requiredKeys: ['ip', 'port'] }),
  fc.record(
    { host: word, port, dnsRefreshSeconds: fc.integer({ min: 1, max: 3600 }) },
    { requiredKeys: ['host', 'port'] },
  ),
);
const targets = fc.uniqueArray(target, {
  minLength: 1,
  maxLength: 5,
  selector: (one) => `${'ip' in one ? one.ip : one.host}:${one.port}`,
});
const weighted = targets.map((list) =>
  list.map((one, index) => ({ ...one, weight: index === 0 ? 101 - list.length : 1 })),
);
const pool = fc.oneof(target, targets, weighted);
const route = fc.oneof(fc.record({ target }), fc.record({ targets: fc.oneof(targets, weighted) }));
const sourceRoute = fc
  .tuple(ipv4, fc.integer({ min: 0, max: 32 }), route)
  .map(([ip, length, rest]) => ({ source: `${ip}/${length}`, ...rest }));
const mode = fc.constantFrom('auto', 'native', 'generic', 'tc');
const settings = fc.record(
  {
    statsEnabled: fc.boolean(),
    connectionTimeoutSec: fc.integer({ min: 1, max: 1000 }),
    attach: fc.oneof(mode, fc.dictionary(word, mode, { maxKeys: 3 })),
    replyInterfaces: fc.oneof(fc.constantFrom('auto', 'none'), fc.array(word, { maxLength: 2 })),
    healthCheckDefaults: healthCheck,
    metrics: fc.record({ enabled: fc.boolean(), port }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const proxy = fc.record(
  {
    name: text,
    mode: fc.constantFrom('nat', 'snat'),
    defaultTarget: pool,
    sourceRoutes: fc.array(sourceRoute, { maxLength: 1 }),
  },
  { requiredKeys: ['name', 'defaultTarget'] },
);
const config = fc
  .tuple(fc.uniqueArray(proxy, { minLength: 1, maxLength: 3, selector: ({ name }) => name }), settings)
  .map(([proxies, rest]) => ({
    proxies: proxies.map((one, index) => ({ ...one, listen: { interfaces: ['eth0'], port: 80 + index } })),
    settings: rest,
  }));

describe('YAML, JSON and EDN', () => {
  it('give the same model for the same configuration', () => {
    fc.assert(
      fc.property(config, (value) => {
        const [yaml, json, edn] = (['yaml', 'json', 'edn'] as const).map((format) => read(value, format));
        expect(json).toEqual(yaml);
        expect(edn).toEqual(yaml);
        expect(edn?.proxies.length).toBe(value.proxies.length);
        expect(edn && configHash(edn)).toBe(json && configHash(json));
      }),
      { numRuns: 200 },
    );
  });
});

function read(value: Plain, format: ConfigFormat) {
  return parseConfig(render(value, format), { format, file: null }).config;
}
