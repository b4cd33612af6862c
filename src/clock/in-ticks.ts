import type { Clock } from './clock.ts';

/** What is due at the same time. */
interface Tick {
  /** Null in place of what was cancelled. */
  readonly works: ((() => void) | null)[];
  /** How many were not cancelled. */
  count: number;
  readonly cancel: () => void;
}

/**
 * A clock that does together what is due within the same `tickMs`, so that thousands of timers wake a process as seldom as one
 * does. Work is never later for it, and less than a tick early.
 * @param steadyMs milliseconds since any moment; unlike the wall clock it never jumps
 */
export function inTicks(clock: Clock, tickMs: number, steadyMs: () => number = clock.nowMs): Clock {
  const ticks = new Map<number, Tick>();
  const run = (number: number) => {
    const works = ticks.get(number)?.works ?? [];
    ticks.delete(number);
    // Asked for one by one: the first may cancel the others.
    for (let index = 0; index < works.length; index++) works[index]?.();
  };
  const begin = (number: number, delayMs: number): Tick => {
    const tick: Tick = { works: [], count: 0, cancel: clock.after(delayMs, () => run(number)) };
    ticks.set(number, tick);
    return tick;
  };
  const cancel = (number: number, tick: Tick, index: number) => {
    if (tick.works[index] === null) return;
    tick.works[index] = null;
    tick.count -= 1;
    if (tick.count > 0 || ticks.get(number) !== tick) return;
    tick.cancel();
    ticks.delete(number);
  };
  const after = (delayMs: number, work: () => void) => {
    const nowMs = steadyMs();
    const number = Math.floor((nowMs + delayMs) / tickMs);
    const tick = ticks.get(number) ?? begin(number, Math.max(0, number * tickMs - nowMs));
    const index = tick.works.push(work) - 1;
    tick.count += 1;
    return () => cancel(number, tick, index);
  };
  return { ...clock, after };
}
