import { describe, expect, it } from 'vitest';
import { parseConfig } from './load.ts';
import { configuredPools, configuredTargets, mapTargets } from './pools.ts';

const { config } = parseConfig(
  `
proxies:
  - name: web
    listen: { interfaces: [eth0], port: 80 }
    defaultTarget: { ip: 10.0.0.1, port: 80 }
    sourceRoutes: [{ source: 10.9.0.0/16, target: { ip: 10.0.0.2, port: 80 } }]
    sniRoutes: [{ sniHostname: a.example, targets: [{ ip: 10.0.0.3, port: 80, weight: 60 }, { ip: 10.0.0.1, port: 80, weight: 40 }] }]
`,
  { format: 'yaml', file: 'test.yaml' },
);
const [web] = config.proxies;
if (web === undefined) throw new Error('the sample has a proxy');

describe('the pools of a configured proxy', () => {
  it('are the default one, and one for each route', () => {
    expect(configuredPools(web).map(({ pool, targets }) => [pool, targets.length])).toEqual([
      ['default', 1],
      ['10.9.0.0/16', 1],
      ['a.example', 2],
    ]);
  });

  it('have all of its targets', () => {
    expect(configuredTargets(web).map(({ ip }) => ip)).toEqual([
      '10.0.0.1',
      '10.0.0.2',
      '10.0.0.3',
      '10.0.0.1',
    ]);
  });

  it('are all changed together, and nothing else is', () => {
    const none = mapTargets(web, () => []);
    expect(configuredTargets(none)).toEqual([]);
    expect(configuredPools(none).map(({ pool }) => pool)).toEqual(
      configuredPools(web).map(({ pool }) => pool),
    );
    expect(mapTargets(web, (targets) => targets)).toEqual(web);
  });
});
