import type { CheckOutcome, Failure } from '../outcome.ts';

/** Begins one check. `done` is called once, later, unless the function that is returned cancels the check first. */
export type StartCheck = (done: (outcome: CheckOutcome) => void) => () => void;

/** How a check tells what it found; only the first word counts. */
export interface Verdict {
  readonly succeed: (message: string) => void;
  readonly fail: (failure: Failure) => void;
}

/**
 * Runs one check to its end: a success, a failure, its time being up, or being cancelled, and whichever it is, what
 * `open` opened is closed.
 * @param open opens a socket and returns what closes it; may throw
 */
export function attempt(
  timeoutMs: number,
  done: (outcome: CheckOutcome) => void,
  open: (verdict: Verdict) => () => void,
): () => void {
  const startedMs = performance.now();
  let close: (() => void) | undefined;
  let ended = false;
  const end = () => {
    ended = true;
    clearTimeout(timer);
    close?.();
  };
  const verdict: Verdict = {
    succeed: (message) => {
      if (ended) return;
      end();
      done({ success: true, latencyMs: performance.now() - startedMs, message });
    },
    fail: (failure) => {
      if (ended) return;
      end();
      done({ success: false, latencyMs: performance.now() - startedMs, ...failure });
    },
  };
  const timer = setTimeout(
    () => verdict.fail({ reason: 'timeout', message: `no success within ${timeoutMs} ms` }),
    timeoutMs,
  );
  try {
    close = open(verdict);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    setImmediate(() => verdict.fail({ reason: 'error', message }));
  }
  return () => {
    if (!ended) end();
  };
}
