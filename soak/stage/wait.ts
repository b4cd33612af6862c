import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;

/** Waits until a condition holds. @returns false when it does not within the time; throws the signal's reason */
export async function holdsWithin(
  timeoutMs: number,
  signal: AbortSignal,
  condition: () => boolean | Promise<boolean>,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) return false;
    await sleep(POLL_MS, undefined, { signal });
  }
  return true;
}
