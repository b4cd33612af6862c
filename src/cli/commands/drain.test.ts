import { describe, expect, it } from 'vitest';
import { sampleDrain } from '../../report/sample-reports.fixture.ts';
import { describeDrain } from '../format/drain.ts';
import { useSampleDaemon } from '../sample-daemon.fixture.ts';

const TARGET = ['web', '10.0.0.1:8080'] as const;
const { daemon, run } = useSampleDaemon();

describe('sluice drain', () => {
  it('drains a target, with the timeout of the settings or its own', async () => {
    expect(await run('drain', ...TARGET)).toEqual({
      status: 0,
      out: '10.0.0.1:8080 of web: draining, 3 of 10 connections left, 5s of 30s\n',
      err: '',
    });
    await run('drain', ...TARGET, '--timeout', '60');
    expect(daemon().view.timeouts).toEqual([undefined, 60_000]);
  });

  it.each([
    ['completed', 0, 'drained after 5s'],
    ['timeout', 1, 'timed out after 5s, 3 of 10 connections left; it gets no new ones'],
    ['cancelled', 1, 'cancelled after 5s, 3 of 10 connections left'],
  ] as const)('waits for the end: %s is status %i', async (end, status, text) => {
    const states = ['draining', 'draining', end] as const;
    let asked = 0;
    daemon().view.targetState = async (proxy, target) => {
      const drain = { ...sampleDrain, status: states[Math.min(asked++, 2)] ?? end };
      return { proxy, target, state: 'drain', drain };
    };
    const result = await run('drain', ...TARGET, '--wait');
    expect(result).toEqual({ status, out: `10.0.0.1:8080 of web: ${text}\n`, err: '' });
    expect(asked).toBe(3);
  });

  it('lists the drains when no target is named', async () => {
    const lines = [
      'PROXY  TARGET         OPEN  AT START  SINCE  TIMEOUT',
      'web    10.0.0.1:8080     3        10     5s      30s',
    ];
    expect((await run('drain')).out).toBe(`${lines.join('\n')}\n`);
    expect(JSON.parse((await run('drain', '-o', 'json')).out)).toEqual({ total: 1, drains: [sampleDrain] });
    daemon().view.drains = async () => ({ drains: [] });
    expect((await run('drain')).out).toBe('no target is being drained\n');
  });

  it('says what is missing, and what is wrong', async () => {
    expect(await run('drain', 'web')).toMatchObject({
      status: 64,
      err: expect.stringContaining('needs a target'),
    });
    expect(await run('drain', 'api', '10.0.0.1:80')).toMatchObject({
      status: 69,
      err: expect.stringContaining('there is no proxy "api"'),
    });
    expect(await run('drain', ...TARGET, '--timeout', '0')).toMatchObject({ status: 64 });
  });

  it('tells of a drain that there never was', () => {
    expect(describeDrain(null)).toBe('not drained');
  });
});

describe('sluice undrain and maintenance', () => {
  it('change the state of a target', async () => {
    expect((await run('maintenance', ...TARGET)).out).toBe('10.0.0.1:8080 of web is in maintenance\n');
    expect(daemon().view.states.get(TARGET.join(' '))).toBe('maintenance');
    expect((await run('undrain', ...TARGET)).out).toBe('10.0.0.1:8080 of web is ready\n');
    expect(daemon().view.states.get(TARGET.join(' '))).toBe('ready');
    const json = await run('undrain', ...TARGET, '-o', 'json');
    expect(JSON.parse(json.out)).toEqual({ proxy: 'web', target: TARGET[1], state: 'ready', drain: null });
  });
});
