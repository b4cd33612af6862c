import { describe, expect, it } from 'vitest';
import { parseConfigObject } from '../config/index.ts';
import { refusalOf } from '../config/testing/marked.ts';
import { defineConfig } from './define-config.ts';
import { startLoadBalancer } from './start.ts';
import { watchStats } from './stats.ts';

describe('defineConfig', () => {
  it('gives back what it got, which is read as a file would be', () => {
    const config = defineConfig({
      proxies: [
        {
          name: 'web',
          listen: { interfaces: ['eth0'], port: 80 },
          defaultTarget: { ip: '10.0.0.1', port: 80 },
        },
      ],
    });
    expect(parseConfigObject(config).config.proxies[0]?.defaultTargets).toEqual([
      { ip: '10.0.0.1', port: 80, weight: 100 },
    ]);
  });
});

describe('a configuration that is an object', () => {
  it('is refused with a pointer to each field that is wrong', () => {
    const error = refusalOf(() =>
      parseConfigObject({
        proxies: [
          {
            name: 'a',
            listen: { interfaces: ['eth0'], port: 0 },
            defaultTarget: { ip: '10.0.0.1', port: 80 },
          },
          { name: 'a', listen: { interfaces: ['eth1'], port: 80 }, defaultTarget: { ip: 'x', port: 80 } },
        ],
      }),
    );
    expect(error.details.map(({ pointer }) => pointer).sort()).toEqual([
      '#/proxies/0/listen/port',
      '#/proxies/1/defaultTarget/ip',
      '#/proxies/1/name',
    ]);
  });

  it('touches nothing when it is refused', async () => {
    await expect(startLoadBalancer({ proxies: [] })).rejects.toMatchObject({ code: 'config_invalid' });
    await expect(startLoadBalancer('/nowhere.yaml')).rejects.toMatchObject({ code: 'file_unreadable' });
  });
});

describe('watched statistics', () => {
  it('come at once and at the interval, until they are not wanted any more', async () => {
    const stop = new AbortController();
    let reads = 0;
    const read = async () => {
      reads += 1;
      if (reads === 3) stop.abort();
      return { totals: {}, targets: [], reasons: [] } as never;
    };
    const got: unknown[] = [];
    for await (const stats of watchStats(read, { intervalMs: 1, signal: stop.signal })) got.push(stats);
    expect([got.length, reads]).toEqual([3, 3]);
  });
});
