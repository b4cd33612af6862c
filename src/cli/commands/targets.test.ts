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
