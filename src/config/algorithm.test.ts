import { describe, expect, it } from 'vitest';
import { parseConfig } from './load.ts';
import { expectProblems } from './testing/marked.ts';

/** A proxy with a route of each kind; marks and settings go where they belong. */
function yaml({ proxy = '', source = '', sni = '', settings = '' }): string {
  const target = 'target: { ip: 10.0.0.2, port: 1 }';
  return `proxies:
  - name: web
    listen: { interfaces: eth0, port: 80 }
    defaultTarget: { ip: 10.0.0.1, port: 80 }
${proxy}    sourceRoutes: [{ source: 10.0.0.0/8, ${source}${target} }]
    sniRoutes: [{ sniHostname: a.example, ${sni}${target} }]
${settings}`;
}

/** The algorithms of the proxy, its source route and its SNI route. */
function algorithms(parts: Parameters<typeof yaml>[0]): readonly unknown[] {
  const [proxy] = parseConfig(yaml(parts), { format: 'yaml', file: null }).config.proxies;
  return [proxy?.algorithm, proxy?.sourceRoutes[0]?.algorithm, proxy?.sniRoutes[0]?.algorithm];
}

describe('how targets are chosen', () => {
  it.each([
    { parts: {}, chosen: ['weighted-random', 'weighted-random', 'weighted-random'] },
    {
      parts: { proxy: '    algorithm: round-robin\n', source: 'algorithm: maglev, ' },
      chosen: ['round-robin', 'maglev', 'round-robin'],
    },
    {
      parts: { proxy: '    sessionPersistence: true\n', sni: 'algorithm: round-robin, ' },
      chosen: ['source-hash', 'source-hash', 'round-robin'],
    },
    {
      parts: { proxy: '    sessionPersistence: true\n', source: 'sessionPersistence: false, ' },
      chosen: ['source-hash', 'weighted-random', 'source-hash'],
    },
    {
      parts: { proxy: '    algorithm: maglev\n', source: 'sessionPersistence: false, ' },
      chosen: ['maglev', 'maglev', 'maglev'],
    },
    {
      parts: {
        source: 'sessionPersistence: true, ',
        sni: 'algorithm: source-hash, sessionPersistence: true, ',
      },
      chosen: ['weighted-random', 'source-hash', 'source-hash'],
    },
    {
      parts: {
        settings: 'settings: { loadBalancing: { algorithm: least-connections } }\n',
        source: 'algorithm: maglev, ',
      },
      chosen: ['least-connections', 'maglev', 'least-connections'],
    },
  ])('is $chosen with $parts', ({ parts, chosen }) => {
    expect(algorithms(parts)).toEqual(chosen);
  });

  it('is refused when a proxy or a route contradicts itself', () => {
    expectProblems(
      yaml({
        proxy: '    algorithm: round-robin\n    sessionPersistence: »true\n',
        source: 'algorithm: source-hash, sessionPersistence: »false, ',
      }),
      'yaml',
      [
        'proxies[0].sessionPersistence: means `algorithm` "source-hash", but f.yaml:5:16 says "round-robin"; leave one of the two out',
        'proxies[0].sourceRoutes[0].sessionPersistence: excludes `algorithm` "source-hash", but f.yaml:7:53 says "source-hash"; leave one of the two out',
      ],
    );
  });

  it('is refused when there is no such algorithm', () => {
    expectProblems(yaml({ proxy: '    algorithm: »fastest\n' }), 'yaml', [
      'proxies[0].algorithm: found "fastest", expected "weighted-random", "least-connections", "round-robin", "source-hash" or "maglev"',
    ]);
  });

  it('takes the settings of later versions of the original as they are', () => {
    const text = `{:proxies [{:name "api" :listen {:interfaces ["lo"] :port 8000} :session-persistence false
                   :default-target [{:ip "127.0.0.1" :port 9001 :weight 50} {:ip "127.0.0.1" :port 9002 :weight 50}]}]
      :settings {:load-balancing {:algorithm :least-connections :weighted false :update-interval-ms 500}}}`;
    const { config, warnings } = parseConfig(text, { format: 'edn', file: null });
    expect(config.settings.loadBalancing).toEqual({
      algorithm: 'least-connections',
      weighted: false,
      updateIntervalMs: 500,
      hashTableSize: 16_381,
    });
    expect(config.proxies[0]?.algorithm).toBe('least-connections');
    expect(warnings).toEqual([]);
  });

  it('is refused with a table of another size than a known prime', () => {
    expectProblems(yaml({ settings: 'settings: { loadBalancing: { hashTableSize: »1024 } }\n' }), 'yaml', [
      'settings.loadBalancing.hashTableSize: found 1024, expected one of 1021, 4093, 16381, 65521, 131071',
    ]);
  });
});
