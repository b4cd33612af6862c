import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../clock/fake-clock.fixture.ts';
import { BUILT_IN_CIRCUIT_BREAKER } from '../config/index.ts';
import { type CircuitEvent, EventFeed } from '../events/index.ts';
import { CircuitBreakers } from './circuit-breakers.ts';
import { desiredProxy, desiredState, target } from './desired.fixture.ts';
import { webConfig } from './host.fixture.ts';

const A = { proxy: 'web', target: '10.0.0.1:80' };
const FAILED = { ...A, answered: 0, established: 0, refused: 6, unanswered: 4 };
const ANSWERED = { ...A, answered: 3, established: 0, refused: 0, unanswered: 0 };

function setUp(enabled = true) {
  const clock = new FakeClock();
  const urgencies: string[] = [];
  const events: CircuitEvent[] = [];
  const algorithm = 'weighted-random' as const;
  const desired = desiredState(
    desiredProxy('web', {
      defaultTargets: [target('10.0.0.1')],
      sourceRoutes: [{ source: '10.9.0.0/16', algorithm, targets: [target('10.0.0.3')] }],
      sniRoutes: [{ name: 'a.example', algorithm, targets: [target('10.0.0.2')] }],
    }),
  );
  const breakers = new CircuitBreakers({
    logger: pino({ level: 'silent' }),
    feed: new EventFeed({ nowMs: clock.nowMs, onFault: () => {} }),
    desired: () => desired,
    onFactors: (urgency) => urgencies.push(urgency),
    clock,
  });
  breakers.subscribe((event) => events.push(event));
  const circuitBreaker = { ...BUILT_IN_CIRCUIT_BREAKER, enabled };
  const defaultTargets = [{ ip: '10.0.0.1', port: 80, weight: 100 }];
  const of = (ip: string) => [{ ip, port: 80, weight: 100 }];
  const config = webConfig({
    defaultTargets,
    circuitBreaker,
    sourceRoutes: [{ source: '10.9.0.0/16', algorithm, targets: of('10.0.0.3') }],
    sniRoutes: [{ sniHostname: 'a.example', algorithm, targets: of('10.0.0.2') }],
  });
  breakers.configure(config);
  const [proxy] = config.proxies;
  const [configured] = defaultTargets;
  if (proxy === undefined || configured === undefined) throw new Error('the sample has a proxy and a target');
  const factor = () => breakers.factor(proxy, configured);
  return { clock, breakers, urgencies, events, factor };
}

describe('the circuit breakers of a balancer', () => {
  it('take the share of a target that fails, at once, and give it back by a trial', async () => {
    const { clock, breakers, urgencies, events, factor } = setUp();
    breakers.noteAttempts([FAILED]);
    expect(factor()).toEqual({ value: 0, reason: 'circuit open: 100% of 10 connections failed' });
    expect(breakers.statusOf(A)).toMatchObject({
      status: 'open',
      since: '1970-01-01T00:00:00.000Z',
      halfOpenAt: '1970-01-01T00:00:30.000Z',
    });
    await clock.pass(30_000);
    expect(factor().value).toBe(0.1);
    breakers.noteAttempts([ANSWERED]);
    expect(factor().value).toBe(1);
    expect(urgencies).toEqual(['now', 'soon', 'soon']);
    expect(events.map(({ type, target: of }) => `${type} ${of}`)).toEqual([
      'circuitOpened 10.0.0.1:80',
      'circuitHalfOpened 10.0.0.1:80',
      'circuitClosed 10.0.0.1:80',
    ]);
  });

  it('watch targets that only routes lead to', () => {
    const { breakers } = setUp();
    const names = ['10.0.0.1:80', '10.0.0.3:80', '10.0.0.2:80'];
    expect(breakers.status().circuits.map(({ target: name }) => name)).toEqual(names);
    for (const name of names) {
      breakers.noteAttempts([{ ...FAILED, target: name }]);
      expect(breakers.statusOf({ ...A, target: name }).status).toBe('open');
    }
    const off = setUp(false).breakers;
    for (const name of names) {
      expect(() => off.statusOf({ ...A, target: name })).toThrow(
        expect.objectContaining({ code: 'conflict' }),
      );
    }
  });

  it('are opened, closed and reset by hand', () => {
    const { breakers, factor } = setUp();
    expect(breakers.set(A, 'open')).toMatchObject({ status: 'open', manual: 'open', halfOpenAt: null });
    expect(factor()).toEqual({ value: 0, reason: 'circuit open: opened by hand' });
    expect(breakers.set(A, 'closed')).toMatchObject({ status: 'closed', manual: 'closed' });
    breakers.noteAttempts([FAILED]);
    expect(factor().value).toBe(1);
    breakers.set(A, 'auto');
    breakers.noteAttempts([FAILED]);
    expect(factor().value).toBe(0);
  });

  it('say what is wrong with a target that has none', () => {
    const { breakers } = setUp();
    expect(() => breakers.set({ ...A, proxy: 'x' }, 'open')).toThrow(
      expect.objectContaining({ code: 'not_found' }),
    );
    expect(() => breakers.statusOf({ ...A, target: '10.0.0.9:80' })).toThrow(
      expect.objectContaining({ code: 'not_found', fix: 'it has: 10.0.0.1:80, 10.0.0.3:80, 10.0.0.2:80' }),
    );
    const off = setUp(false);
    expect(off.breakers.isEnabled).toBe(false);
    expect(off.factor()).toEqual({ value: 1, reason: 'no circuit breaker' });
    expect(() => off.breakers.set(A, 'open')).toThrow(expect.objectContaining({ code: 'conflict' }));
  });
});
