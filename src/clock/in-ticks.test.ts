import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeClock } from './fake-clock.fixture.ts';
import { inTicks } from './in-ticks.ts';

const TICK_MS = 10;

function setUp() {
  const base = new FakeClock();
  const clock = inTicks(base, TICK_MS);
  const done: [name: string, atMs: number][] = [];
  const due = (delayMs: number, name: string) =>
    clock.after(delayMs, () => void done.push([name, base.nowMs()]));
  return { base, clock, done, due };
}

describe('a clock in ticks', () => {
  it('does together, in order, what is due within a tick, with one timer', async () => {
    const { base, done, due } = setUp();
    due(1009, 'late');
    due(1000, 'early');
    due(1010, 'next');
    expect(base.waiting).toBe(2);
    await base.pass(2000);
    expect(done).toEqual([
      ['late', 1000],
      ['early', 1000],
      ['next', 1010],
    ]);
  });

  it('is never late, and less than a tick early', async () => {
    const delays = fc.array(fc.tuple(fc.nat({ max: 50 }), fc.nat({ max: 3000 })));
    await fc.assert(
      fc.asyncProperty(delays, async (turns) => {
        const { base, done, due } = setUp();
        const dueMs = new Map<string, number>();
        for (const [index, [pauseMs, delayMs]] of turns.entries()) {
          dueMs.set(`${index}`, base.nowMs() + delayMs);
          due(delayMs, `${index}`);
          await base.pass(pauseMs);
        }
        await base.pass(5000);
        expect(done).toHaveLength(turns.length);
        for (const [name, atMs] of done) {
          const earlyMs = (dueMs.get(name) ?? 0) - atMs;
          expect(earlyMs).toBeGreaterThanOrEqual(0);
          expect(earlyMs).toBeLessThan(TICK_MS);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('forgets what is cancelled, and leaves no timer of a tick with nothing in it', async () => {
    const { base, done, due } = setUp();
    const [cancelOne, cancelOther] = [due(1000, 'one'), due(1001, 'other')];
    cancelOne();
    expect(base.waiting).toBe(1);
    cancelOther();
    cancelOther();
    expect(base.waiting).toBe(0);
    due(1002, 'anew');
    await base.pass(2000);
    expect(done).toEqual([['anew', 1000]]);
  });

  it('lets work cancel what is due with it, and ask for more', async () => {
    const { base, clock, done, due } = setUp();
    clock.after(1000, () => {
      cancel();
      due(0, 'more');
    });
    const cancel = due(1000, 'cancelled');
    await base.pass(1000);
    expect(done).toEqual([['more', 1000]]);
    expect(base.waiting).toBe(0);
  });
});
