import { describe, expect, it } from 'vitest';
import { FakeClock } from '../clock/fake-clock.fixture.ts';
import type { StartCheck } from './checks/attempt.ts';
import type { CheckOutcome } from './outcome.ts';
import { RepeatedCheck } from './repeated-check.ts';

const INTERVAL_MS = 1000;

/** A check that takes `latencyMs`, run on a fake clock; remembers when each began. */
function setUp(latencyMs: number, clock = new FakeClock(() => 0.5)) {
  const beganMs: number[] = [];
  const running = { now: 0, most: 0 };
  const outcomes: CheckOutcome[] = [];
  const start: StartCheck = (done) => {
    beganMs.push(clock.nowMs());
    running.now += 1;
    running.most = Math.max(running.most, running.now);
    const cancel = clock.after(latencyMs, () => {
      running.now -= 1;
      done({ success: true, latencyMs, message: 'ok' });
    });
    return () => {
      running.now -= 1;
      cancel();
    };
  };
  const onOutcome = (outcome: CheckOutcome) => void outcomes.push(outcome);
  const check = new RepeatedCheck({ start, intervalMs: () => INTERVAL_MS, clock, onOutcome });
  return { clock, check, beganMs, running, outcomes };
}

const gaps = (times: readonly number[]) => times.slice(1).map((time, index) => time - (times[index] ?? 0));

describe('a repeated check', () => {
  it('begins when it is told to, and then again at most an interval after it began', async () => {
    const random = [0.9, 0.1, 0.8, 0.3, 0.5, 0.99, 0];
    let drawn = 0;
    const { clock, check, beganMs } = setUp(30, new FakeClock(() => random[drawn++ % random.length] ?? 0));
    check.begin(7);
    await clock.pass(20_000);
    expect(beganMs[0]).toBe(7);
    for (const gap of gaps(beganMs)) expect(gap).toBeLessThanOrEqual(INTERVAL_MS);
    for (const gap of gaps(beganMs).slice(1)) expect(gap).toBeGreaterThanOrEqual(INTERVAL_MS * 0.95);
  });

  it('is not started twice at a time, however slow it is', async () => {
    const { clock, check, beganMs, running } = setUp(2500);
    check.begin(0);
    await clock.pass(10_000);
    expect(running.most).toBe(1);
    expect(new Set(gaps(beganMs))).toEqual(new Set([2500]));
  });

  it('leaves nothing running and no timer when it is stopped, at whatever moment', async () => {
    for (const atMs of [0, 5, 10, 200, 1500, 1515]) {
      const { clock, check, running, outcomes } = setUp(20);
      check.begin(10);
      await clock.pass(atMs);
      check.stop();
      expect({ running: running.now, waiting: clock.waiting }, `stopped at ${atMs}`).toEqual({
        running: 0,
        waiting: 0,
      });
      const before = outcomes.length;
      await clock.pass(10_000);
      expect(outcomes).toHaveLength(before);
    }
  });

  it('can be run at once; the schedule goes on from there', async () => {
    const { clock, check, beganMs } = setUp(20);
    check.begin(0);
    await clock.pass(600);
    const forced = check.now();
    await clock.pass(20);
    expect(await forced).toMatchObject({ success: true });
    await clock.pass(1000);
    expect(beganMs).toEqual([0, 500, 600, 1575]);
    expect(clock.waiting).toBe(1);
  });

  it('that runs is joined by who wants one at once', async () => {
    const { clock, check, beganMs } = setUp(20);
    check.begin(0);
    await clock.pass(10);
    const forced = [check.now(), check.now()];
    await clock.pass(10);
    expect(await Promise.all(forced)).toMatchObject([{ success: true }, { success: true }]);
    expect(beganMs).toEqual([0]);
  });

  it('tells who waits for one that it was stopped', async () => {
    const { clock, check } = setUp(20);
    check.begin(0);
    await clock.pass(10);
    const forced = check.now();
    check.stop();
    expect(await forced).toBeNull();
  });
});
