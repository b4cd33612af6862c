import { describe, expect, it } from 'vitest';
import { sampleCircuit } from '../../report/sample-reports.fixture.ts';
import { formatCircuits } from '../format/circuit.ts';
import { styleFor } from '../format/style.ts';
import { useSampleDaemon } from '../sample-daemon.fixture.ts';

const { daemon, run } = useSampleDaemon();
const plain = styleFor({ write: () => {}, isTTY: false }, {});
const NOW_MS = Date.parse('2026-01-02T04:06:11.000Z');

describe('sluice circuit', () => {
  it('shows every circuit: since when, what was counted, why, and when it is tried', () => {
    const closed = { ...sampleCircuit, status: 'closed', manual: 'closed', halfOpenAt: null } as const;
    const counted = { successes: 9, errors: 1, errorPct: 10, reason: 'circuit closed' };
    const circuits = [sampleCircuit, { ...closed, ...counted }];
    expect(formatCircuits({ circuits }, plain, NOW_MS).split('\n')).toEqual([
      'PROXY  TARGET         CIRCUIT           SINCE  ANSWERED  FAILED  ERRORS  WHY',
      'web    10.0.0.1:8080  open                10s         0       0      0%  circuit open: 60% of 10 connections failed; half-open in 20s',
      'web    10.0.0.1:8080  closed (by hand)    10s         9       1     10%  circuit closed',
      '',
    ]);
    expect(formatCircuits({ circuits: [] }, plain, NOW_MS)).toContain('no proxy has a circuit breaker');
  });

  it('asks the daemon', async () => {
    expect((await run('circuit')).out).toContain('circuit open: 60% of 10 connections failed');
    expect(JSON.parse((await run('circuit', '-o', 'json')).out)).toEqual({
      total: 1,
      circuits: [sampleCircuit],
    });
  });

  it.each([
    ['open', 'open'],
    ['close', 'closed'],
    ['reset', 'auto'],
  ])('%s sets it to %s', async (word, state) => {
    const { status, out } = await run('circuit', word, 'web', '10.0.0.1:8080');
    expect({ status, out }).toEqual({ status: 0, out: `10.0.0.1:8080 of web: ${sampleCircuit.reason}\n` });
    expect(daemon().view.asked).toContain(`circuit web 10.0.0.1:8080 ${state}`);
  });

  it('says what is missing', async () => {
    expect(await run('circuit', 'open', 'web')).toMatchObject({
      status: 64,
      err: expect.stringContaining('sluice circuit open PROXY IP:PORT'),
    });
    expect((await run('circuit', 'break', 'web', '10.0.0.1:80')).status).toBe(64);
  });
});
