import { describe, expect, it } from 'vitest';
import { sampleTargets } from '../../report/sample-reports.fixture.ts';
import { useSampleDaemon } from '../sample-daemon.fixture.ts';

const { daemon, run } = useSampleDaemon();

describe('--proxy', () => {
  it.each(['targets', 'routes'])(
    'of %s is a proxy that there is, or an error that says which is meant',
    async (command) => {
      expect(await run(command, '--proxy', 'wbe')).toEqual({
        status: 69,
        out: '',
        err: 'sluice: there is no proxy "wbe"\nfix: did you mean: web\n',
      });
      expect(await run(command, '--proxy', 'something-else', '-o', 'json')).toMatchObject({
        status: 69,
        out: '',
        err: expect.stringContaining('fix: sluice proxies lists them'),
      });
      expect(await run(command, '--proxy', 'web')).toMatchObject({ status: 0, err: '' });
    },
  );

  it('of connections may be a proxy without connections, not one that there is not', async () => {
    daemon().view.connections = async () => ({ total: 0, connections: [] });
    expect(await run('connections', '--proxy', 'web')).toMatchObject({ status: 0, err: '' });
    expect(await run('connections', '--proxy', 'wbe')).toMatchObject({ status: 69, out: '' });
  });
});

it('sluice targets tells how long each target took to answer, and a dash of one that nobody asked', async () => {
  const [target] = sampleTargets.targets;
  if (target === undefined) throw new Error('the sample has no target');
  daemon().view.targets = async () => ({ targets: [target, { ...target, target: '10.0.0.2:8080' }] });
  const { out } = await run('targets');
  expect(out).toMatch(/ ACTIVE +P50 +P95 +P99 +WHY$/m);
  expect(out).toMatch(/ 10\.0\.0\.1:8080 .* 310 us +1\.25 ms +1 s /);
  expect(out).toMatch(/ 10\.0\.0\.2:8080 .* - +- +- /);
  expect(JSON.parse((await run('targets', '-o', 'json')).out)).toMatchObject({
    total: 2,
    windowSeconds: 60,
    targets: [
      { ...target, connectLatency: { connects: 1200, p50Ms: 0.31, p95Ms: 1.25, p99Ms: 1004 } },
      { target: '10.0.0.2:8080', connectLatency: { connects: 0, p50Ms: null, p95Ms: null, p99Ms: null } },
    ],
  });
});

it('sluice targets --names has each target once', async () => {
  const [target] = sampleTargets.targets;
  if (target === undefined) throw new Error('the sample has no target');
  daemon().view.targets = async () => ({
    targets: [target, { ...target, pool: '10.0.0.0/8' }, { ...target, target: '[fd00::1]:80' }],
  });
  expect(await run('targets', '--names', '--proxy', 'web')).toMatchObject({
    out: '10.0.0.1:8080\n[fd00::1]:80\n',
  });
});
