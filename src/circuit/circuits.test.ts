import { describe, expect, it } from 'vitest';
import { FakeClock } from '../clock/fake-clock.fixture.ts';
import { Circuits } from './circuits.ts';

const SETTINGS = {
  errorThresholdPct: 50,
  minRequests: 10,
  openDurationMs: 5000,
  halfOpenRequests: 3,
  windowSizeMs: 60_000,
};
const FAILING = { successes: 0, errors: 10 };
const A = { proxy: 'web', target: '10.0.0.1:80' };
const B = { proxy: 'web', target: '10.0.0.2:80' };

function setUp(isShut = () => false) {
  const clock = new FakeClock();
  const changes: string[] = [];
  const circuits = new Circuits({
    clock,
    onChange: ({ spec, circuit }, before) => changes.push(`${spec.target} ${before} ${circuit.status}`),
  });
  circuits.watch(
    [A, B].map((of) => ({ ...of, settings: SETTINGS })),
    isShut,
  );
  const status = (of = A) => circuits.find(of)?.circuit.status;
  return { clock, circuits, changes, status };
}

describe('the circuits of targets', () => {
  it('open, half-open and close each by itself, and tell of it', async () => {
    const { clock, circuits, changes, status } = setUp();
    circuits.note(A, FAILING);
    await clock.pass(4999);
    expect(status()).toBe('open');
    await clock.pass(1);
    circuits.note(A, { successes: 3, errors: 0 });
    expect(status(B)).toBe('closed');
    expect(changes).toEqual([
      '10.0.0.1:80 closed open',
      '10.0.0.1:80 open half-open',
      '10.0.0.1:80 half-open closed',
    ]);
  });

  it('are told to be others when a target has one that had none, or none any more', () => {
    const { circuits } = setUp();
    const [a, b] = [A, B].map((of) => ({ ...of, settings: SETTINGS }));
    if (a === undefined || b === undefined) throw new Error('there are two');
    expect(circuits.watch([b, { ...a, settings: { ...SETTINGS, minRequests: 1 } }])).toBe(false);
    expect(circuits.watch([a])).toBe(true);
    expect(circuits.watch([a, b])).toBe(true);
    expect(circuits.watch([a, { ...b, target: '10.0.0.3:80' }])).toBe(true);
  });

  it('stay as they were set by hand, until they are given back', async () => {
    const { clock, circuits, status } = setUp();
    circuits.note(A, FAILING);
    expect(circuits.set(A, 'open')).toBe(true);
    await clock.pass(100_000);
    expect(status()).toBe('open');
    circuits.set(A, 'closed');
    circuits.note(A, FAILING);
    expect(circuits.find(A)).toMatchObject({ manual: 'closed', circuit: { status: 'closed' } });
    circuits.set(A, 'auto');
    circuits.note(A, FAILING);
    expect(circuits.find(A)).toMatchObject({ manual: null, circuit: { status: 'open' } });
    expect(circuits.set({ ...A, target: '10.0.0.9:80' }, 'open')).toBe(false);
  });

  it('are kept for targets that stay, and forgotten for those that go', async () => {
    const { clock, circuits, changes, status } = setUp();
    circuits.note(A, FAILING);
    circuits.note(B, FAILING);
    circuits.watch([{ ...A, settings: { ...SETTINGS, openDurationMs: 1000 } }]);
    expect(circuits.all).toHaveLength(1);
    await clock.pass(5000);
    expect(status()).toBe('half-open');
    expect(changes.filter((each) => each.startsWith(B.target))).toHaveLength(1);
    circuits.stop();
    expect(clock.waiting).toBe(0);
  });

  it('begin open for targets that had no share', async () => {
    const { clock, status } = setUp(() => true);
    expect(status()).toBe('open');
    await clock.pass(5000);
    expect(status()).toBe('half-open');
  });
});
