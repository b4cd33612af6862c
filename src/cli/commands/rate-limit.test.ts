import { describe, expect, it } from 'vitest';
import { sampleRateLimits } from '../../report/sample-reports.fixture.ts';
import { useSampleDaemon } from '../sample-daemon.fixture.ts';

const { daemon, run } = useSampleDaemon();
const asked = () => daemon().view.configuration.asked.map(({ what }) => what);

describe('sluice rate-limit', () => {
  it('shows limits and whom they hold back', async () => {
    const { out, status } = await run('rate-limit');
    expect(status).toBe(0);
    expect(out.split('\n').map((line) => line.trim().replace(/\s{2,}/g, ' | '))).toEqual([
      'PROXY | OF | LIMIT | HELD BACK | LAST',
      'web | each source | 100/s, burst 200 | 1,234',
      'web | 192.0.2.0/24 | 1,200 | now',
      'web | 10.0.0.1:8080 | 5/s, burst 1 | 9 | 2s ago',
      'web | 10.0.0.2:8080 | 5/s, burst 1 | 0',
      'web | no target had room | 7',
      '',
    ]);
  });

  it('tells the same in JSON, of one proxy', async () => {
    const { out } = await run('rate-limit', 'web', '-o', 'json');
    expect(JSON.parse(out)).toEqual({ total: 1, proxies: [sampleRateLimits] });
    const { err } = await run('rate-limit', 'none');
    expect(err).toContain('this balancer has: web');
  });

  it('sets one limit and leaves the other as it is, and clears both', async () => {
    await run('rate-limit', 'web', '--per-source', '100:300');
    await run('rate-limit', 'web', '--per-backend', '7');
    await run('rate-limit', 'web', '--clear');
    const perSource = { requestsPerSec: 100, burst: 300 };
    expect(asked()).toEqual([
      { kind: 'setRateLimits', proxy: 'web', rateLimits: { perSource } },
      { kind: 'setRateLimits', proxy: 'web', rateLimits: { perSource, perBackend: { requestsPerSec: 7 } } },
      { kind: 'clearRateLimits', proxy: 'web' },
    ]);
  });

  it.each([
    [['--per-source', '5']],
    [['web', '--per-source', '5', '--clear']],
    [['web', '--per-backend', 'many']],
  ])('refuses %j', async (args) => {
    const { status, err } = await run('rate-limit', ...args);
    expect(status).toBe(64);
    expect(err).toMatch(/fix: /);
    expect(asked()).toEqual([]);
  });
});
