import { describe, expect, it } from 'vitest';
import { simpleConfig } from './simple.ts';
import { refusalOf } from './testing/marked.ts';
import { parseProxy, parseSniRoute, parseSourceRoute, parseTargets } from './unknown-input.ts';

const { settings } = simpleConfig({ interfaces: ['eth0'] });

describe('parts from elsewhere', () => {
  it('are read as in a file: a proxy', () => {
    const input = {
      name: 'a',
      listen: { address: '10.0.0.9', port: 53, protocol: 'udp' },
      defaultTarget: { ip: '10.0.0.1', port: 53 },
    };
    expect(parseProxy(input, settings).value).toEqual({
      name: 'a',
      listen: { interfaces: [], addresses: ['10.0.0.9'], port: 53, protocols: ['udp'] },
      mode: 'nat',
      algorithm: 'weighted-random',
      healthCheck: settings.healthCheckDefaults,
      rateLimits: { perSource: null, perBackend: null, ipv4PrefixLength: 32, ipv6PrefixLength: 64 },
      circuitBreaker: settings.circuitBreaker,
      defaultTargets: [{ ip: '10.0.0.1', port: 53, weight: 100 }],
      sourceRoutes: [],
      sniRoutes: [],
    });
  });

  it('are read as in a file: a source route, with its warning', () => {
    const { value, warnings } = parseSourceRoute(
      { source: '10.1.2.3/8', target: { ip: '10.0.0.1', port: 1 } },
      settings,
    );
    expect(value).toEqual({
      source: '10.0.0.0/8',
      algorithm: 'weighted-random',
      targets: [{ ip: '10.0.0.1', port: 1, weight: 100 }],
    });
    expect(warnings).toEqual([
      { where: 'source', pointer: '#/source', message: expect.stringContaining('10.0.0.0/8') },
    ]);
  });

  it('are read as in a file: an SNI route', () => {
    const input = {
      sniHostname: 'API.example',
      targets: [
        { ip: '10.0.0.1', port: 1 },
        { ip: '10.0.0.2', port: 1 },
      ],
    };
    expect(parseSniRoute(input, settings).value).toEqual({
      sniHostname: 'api.example',
      algorithm: 'weighted-random',
      targets: [
        { ip: '10.0.0.1', port: 1, weight: 1 },
        { ip: '10.0.0.2', port: 1, weight: 1 },
      ],
    });
  });

  it('fill in the health check from the defaults', () => {
    const healthCheckDefaults = { ...settings.healthCheckDefaults, timeoutMs: 500 };
    const { value } = parseTargets(
      { ip: '10.0.0.1', port: 1, healthCheck: { type: 'http' } },
      { ...settings, healthCheckDefaults },
    );
    expect(value[0]?.healthCheck).toEqual({ ...healthCheckDefaults, type: 'http' });
  });

  it.each([
    [
      () =>
        parseTargets(
          [
            { ip: '10.0.0.1', port: 1, weight: 3 },
            { ip: 'x', port: 0, weight: 3 },
          ],
          settings,
        ),
      ['[1].ip', '[1].port', 'list of targets'],
    ],
    [() => parseTargets(undefined, settings), ['list of targets']],
    [() => parseTargets([], settings), ['list of targets']],
    [() => parseProxy('web', settings), ['proxy']],
    [() => parseProxy(null, settings), ['proxy']],
    [() => parseSourceRoute({ source: '10.0.0.1' }, settings), ['source route']],
    [() => parseSniRoute({ sniHostname: 'a', target: { ip: '10.0.0.1' } }, settings), ['target.port']],
  ])('are refused with the paths of their problems: %s', (call, paths) => {
    const error = refusalOf(call);
    expect(error.code).toBe('config_invalid');
    expect(error.httpStatus).toBe(422);
    expect(error.details.map(({ where }) => where).sort()).toEqual(paths.toSorted());
  });
});
