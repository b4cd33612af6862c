import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { configHash } from '../hash.ts';
import { loadConfigFile, parseConfig } from '../load.ts';
import { configDocument } from './document.ts';
import { formatConfig } from './text.ts';

const EXAMPLES = new URL('../../../examples/', import.meta.url);

describe('a configuration that is written out', () => {
  it.each(readdirSync(EXAMPLES).filter((name) => !['library', 'monitoring'].includes(name)))(
    'is read again as the same: %s',
    async (name) => {
      const { config } = await loadConfigFile(new URL(name, EXAMPLES).pathname);
      for (const format of ['yaml', 'json'] as const) {
        const again = parseConfig(formatConfig(config, format), { format, file: null });
        expect(again.config).toEqual(config);
        expect(configHash(again.config)).toBe(configHash(config));
      }
    },
  );

  it('says that there is no limit where one would be inherited', () => {
    const text = `
proxies:
  - name: web
    listen: { interfaces: eth0, port: 80 }
    rateLimits: { perSource: { requestsPerSec: 0 }, ipv6PrefixLength: 56 }
    defaultTarget:
      - { ip: 10.0.0.1, port: 80, rateLimit: { requestsPerSec: 0 } }
      - { ip: 10.0.0.2, port: 80, rateLimit: { requestsPerSec: 5 } }
settings: { rateLimits: { perSource: { requestsPerSec: 7 }, perBackend: { requestsPerSec: 9 } } }
`;
    const { config } = parseConfig(text, { format: 'yaml', file: null });
    expect(configDocument(config).proxies[0]).toMatchObject({
      rateLimits: { perSource: { requestsPerSec: 0 }, ipv6PrefixLength: 56 },
      defaultTarget: [{ rateLimit: { requestsPerSec: 0 } }, { rateLimit: { requestsPerSec: 5, burst: 10 } }],
    });
    const again = parseConfig(formatConfig(config, 'yaml'), { format: 'yaml', file: null });
    expect(again.config).toEqual(config);
  });

  it('keeps what proxies, routes and targets have besides', () => {
    const text = `
proxies:
  - name: web
    listen: { interfaces: eth0, port: 80 }
    algorithm: maglev
    defaultTarget: { host: a.example, port: 80, dnsRefreshSeconds: 7 }
    sourceRoutes: [{ source: 10.0.0.0/8, algorithm: source-hash, target: { ip: 10.0.0.1, port: 80 } }]
`;
    const { config } = parseConfig(text, { format: 'yaml', file: null });
    const again = parseConfig(formatConfig(config, 'json'), { format: 'json', file: null });
    expect(again.config).toEqual(config);
    expect(configDocument(config).proxies[0]).toMatchObject({
      algorithm: 'maglev',
      defaultTarget: [{ dnsRefreshSeconds: 7 }],
    });
  });

  it('leaves out what is inherited, and weights of equal shares', () => {
    const text = `
proxies:
  - name: web
    listen: { interfaces: eth0, port: 80 }
    healthCheck: { type: http, path: /ready }
    circuitBreaker: { minRequests: 20 }
    defaultTarget:
      - { ip: 10.0.0.1, port: 80 }
      - { ip: 10.0.0.2, port: 80, healthCheck: { path: /up } }
`;
    const { config } = parseConfig(text, { format: 'yaml', file: null });
    expect(configDocument(config).proxies).toEqual([
      {
        name: 'web',
        listen: { interfaces: ['eth0'], port: 80, protocol: 'both' },
        mode: 'nat',
        healthCheck: { type: 'http', path: '/ready' },
        circuitBreaker: { minRequests: 20 },
        defaultTarget: [
          { ip: '10.0.0.1', port: 80 },
          { ip: '10.0.0.2', port: 80, healthCheck: { path: '/up' } },
        ],
      },
    ]);
  });
});
