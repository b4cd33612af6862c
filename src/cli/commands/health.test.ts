import { describe, expect, it } from 'vitest';
import type { HealthReport, ProxyHealthReport } from '../../report/index.ts';
import { sampleHealth, sampleTargets } from '../../report/sample-reports.fixture.ts';
import { formatHealth } from '../format/health.ts';
import { styleFor } from '../format/style.ts';
import { useSampleDaemon } from '../sample-daemon.fixture.ts';
import { formatTargets } from './targets.ts';

const plain = styleFor({ write: () => {}, isTTY: false }, {});
const { daemon, run } = useSampleDaemon();

/** The sample with a proxy that is otherwise. */
function health(overrides: Partial<ProxyHealthReport>): HealthReport {
  return { ...sampleHealth, proxies: sampleHealth.proxies.map((proxy) => ({ ...proxy, ...overrides })) };
}

describe('sluice targets', () => {
  it('shows the configured and the effective weight, and what lies between', () => {
    expect(formatTargets(sampleTargets, plain)).toBe(
      [
        'PROXY  POOL     ALGORITHM        TARGET         CONFIGURED  HEALTH  DRAIN  CIRCUIT  LOAD  EFFECTIVE  SHARE  ACTIVE  WHY',
        'web    default  weighted-random  10.0.0.1:8080          30   x0.25     x1       x1    x1        7.5    10%       1  recovering, step 1 of 4',
        '',
      ].join('\n'),
    );
  });

  it('asks the daemon, for one proxy if wanted', async () => {
    expect(JSON.parse((await run('targets', '-o', 'json')).out)).toMatchObject({
      total: 1,
      ...sampleTargets,
    });
    expect(JSON.parse((await run('targets', '--proxy', 'dns', '-o', 'json')).out)).toEqual({
      total: 0,
      windowSeconds: 60,
      targets: [],
    });
  });
});

describe('sluice health', () => {
  it('shows the targets with their last check, and the shares if they are not as configured', () => {
    const pools = [
      { pool: 'default', targets: [], originalWeights: [50, 30, 20], effectiveWeights: [71, 0, 29] },
      { pool: '10.0.0.0/8', targets: [], originalWeights: [100], effectiveWeights: [100] },
    ];
    const report = { ...health({ pools }), running: false };
    expect(formatHealth(report, plain, Date.parse('2026-01-02T04:06:05Z'))).toBe(
      [
        'note: health checks are stopped: targets keep the health that they had',
        '',
        'web  default 50/30/20 -> 71/0/29, 10.0.0.0/8 100',
        'TARGET         CHECK  STATUS      LATENCY  CHECKED  LAST CHECK',
        '10.0.0.1:8080  http   recovering  2.54 ms   4s ago  HTTP 200',
        '',
      ].join('\n'),
    );
  });

  it('asks for one proxy, and shows one target', async () => {
    expect(JSON.parse((await run('health', 'web', '-o', 'json')).out)).toEqual({ total: 1, ...sampleHealth });
    expect((await run('health', 'web', '10.0.0.1:8080')).out).toContain('recovering');
    expect(await run('health', 'web', '10.0.0.9:80')).toMatchObject({ status: 69, out: '' });
    expect(daemon().view.asked).toEqual(['health web', 'health web', 'health web']);
  });

  it('says nothing but an exit status with --check', async () => {
    expect(await run('health', '--check')).toEqual({ status: 0, out: '', err: '' });
    daemon().view.healthAnswer = health({ canServe: false });
    expect(await run('health', 'web', '--check')).toEqual({ status: 1, out: '', err: '' });
    // The pool has nobody, but this target is well.
    expect(await run('health', 'web', '10.0.0.1:8080', '--check')).toEqual({ status: 0, out: '', err: '' });
  });

  it('is not well when no daemon answers', async () => {
    await daemon().server.close();
    expect((await run('health', '--check')).status).toBe(69);
  });

  it('checks a target at once', async () => {
    expect(await run('health', 'web', '10.0.0.1:8080', '--force')).toEqual({
      status: 1,
      out: '10.0.0.1:8080: failed, no success within 1000 ms (1 s)\n',
      err: '',
    });
    expect(daemon().view.asked).toEqual(['check web 10.0.0.1:8080']);
  });

  it('sets the health of a target by hand, and gives it back to its checks', async () => {
    expect((await run('health', 'web', '10.0.0.1:8080', '--set', 'unhealthy')).out).toBe(
      '10.0.0.1:8080 of web is set unhealthy\n',
    );
    expect((await run('health', 'web', '10.0.0.1:8080', '--set', 'auto')).out).toContain(
      'left to its checks',
    );
    expect(daemon().view.asked).toEqual(['set web 10.0.0.1:8080 unhealthy', 'set web 10.0.0.1:8080 auto']);
  });

  it.each([
    { args: ['--force'], complaint: /--force needs a proxy and a target/ },
    { args: ['web', '--set', 'healthy'], complaint: /fix: sluice health PROXY IP:PORT --set healthy/ },
    { args: ['web', 't', '--force', '--check'], complaint: /--check and --force exclude each other/ },
    { args: ['web', 't', '--set', 'dead'], complaint: /healthy, unhealthy, auto/ },
  ])('refuses $args', async ({ args, complaint }) => {
    const { status, err } = await run('health', ...args);
    expect(status).toBe(64);
    expect(err).toMatch(complaint);
  });
});
