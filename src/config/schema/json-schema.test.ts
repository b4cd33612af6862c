import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { mismatches, properties } from '../testing/json-schema.ts';
import { configJsonSchema } from './json-schema.ts';

const schema = configJsonSchema();

describe('configJsonSchema', () => {
  it('is a draft-07 schema', () => {
    expect(schema).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' });
  });

  it('describes every setting', () => {
    const all = properties(schema);
    expect(all.length).toBeGreaterThan(50);
    expect(
      all.filter(({ schema }) => typeof schema.description !== 'string').map(({ path }) => path),
    ).toEqual([]);
  });

  it('has the defaults and ranges', () => {
    const all = new Map(properties(schema).map(({ path, schema }) => [path, schema]));
    expect(all.get('settings.maxConnections')).toMatchObject({
      default: 100_000,
      minimum: 1,
      maximum: 50_000_000,
    });
    expect(all.get('proxies.listen.protocol')).toMatchObject({ default: 'both' });
    expect(all.get('settings.healthCheckDefaults.timeoutMs')).toMatchObject({ default: 3000, minimum: 100 });
  });

  it.each(['simple', 'weighted', 'source-routes', 'udp-dns', 'ipv6', 'snat', 'full'])(
    'accepts examples/%s.yaml',
    async (name) => {
      const example = await readFile(new URL(`../../../examples/${name}.yaml`, import.meta.url), 'utf8');
      expect(mismatches(schema, parse(example))).toEqual([]);
    },
  );

  it.each([
    [{}, 'proxies'],
    [{ proxies: [] }, 'proxies'],
    [
      { proxies: [{ name: 'a', listen: { port: 0 }, defaultTarget: { ip: '10.0.0.1', port: 1 } }] },
      'proxies.0.listen.port',
    ],
    [
      { proxies: [{ name: 'a', listen: { port: 1 }, defaultTarget: { port: 1 } }] },
      'proxies.0.defaultTarget',
    ],
    [
      { proxies: [{ name: 'a', listen: { port: 1 }, defaultTarget: { ip: '10.0.0.1', port: 1 }, wait: 1 }] },
      'proxies.0.wait',
    ],
  ])('refuses %j', (value, where) => {
    expect(mismatches(schema, value)).toContain(where);
  });
});
