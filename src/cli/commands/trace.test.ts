import { describe, expect, it } from 'vitest';
import { sampleTrace } from '../../report/sample-reports.fixture.ts';
import { useSampleDaemon } from '../sample-daemon.fixture.ts';

const { daemon, run } = useSampleDaemon();

describe('sluice trace', () => {
  it('shows the way of a connection and the weights of who may be chosen', async () => {
    const { status, out } = await run('trace', '198.51.100.7', '192.0.2.2:80');
    expect(status).toBe(0);
    expect(out.split('\n').slice(0, 4)).toEqual([
      '198.51.100.7 -> 192.0.2.2:80/tcp  balanced',
      '1. 192.0.2.2:80/tcp is a listener of proxy web (nat), on eth0',
      '2. there are no source routes',
      '',
    ]);
    expect(out).toContain('recovering, step 1 of 4');
  });

  it('takes an arrow, a protocol, a host name, and gives the same as JSON', async () => {
    const { out } = await run(
      'trace',
      '10.0.0.7:4000',
      '->',
      '192.0.2.2:53',
      '--protocol',
      'udp',
      '-o',
      'json',
    );
    const question = { client: '10.0.0.7:4000', destination: '192.0.2.2:53', protocol: 'udp' };
    expect(JSON.parse(out)).toEqual({ ...sampleTrace, ...question });
    await run('trace', '10.0.0.7 -> 192.0.2.2:80');
    await run('trace', '10.0.0.7', '192.0.2.2:443', '--sni', 'a.example');
    expect(daemon().view.asked).toEqual([
      'trace 10.0.0.7:4000 192.0.2.2:53 udp',
      'trace 10.0.0.7 192.0.2.2:80 tcp',
      'trace 10.0.0.7 192.0.2.2:443 tcp a.example',
    ]);
  });

  it('ends with 1 where nobody listens, and with 64 for a wrong question', async () => {
    daemon().view.trace = async (question) => ({
      ...sampleTrace,
      ...question,
      outcome: 'not_ours',
      candidates: [],
    });
    const { status, out } = await run('trace', '10.0.0.7', '192.0.2.2:81');
    expect([status, out.split('\n')[0]]).toEqual([1, '10.0.0.7 -> 192.0.2.2:81/tcp  not ours']);
    expect((await run('trace', '10.0.0.7')).status).toBe(64);
    expect((await run('trace', '10.0.0.7', '->')).status).toBe(64);
    expect((await run('trace', '10.0.0.7', '192.0.2.2:80', 'more')).status).toBe(64);
  });
});
