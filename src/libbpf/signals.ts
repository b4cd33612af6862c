import { native } from './native.ts';

/** `SIG_SETMASK` of signal.h, on Linux. */
const SIG_SETMASK = 2;
/** `sizeof(sigset_t)` of glibc. */
const SIGSET_BYTES = 128;

/**
 * Runs synchronous calls with every signal of this thread held back until they are done. The verifier gives up with EAGAIN
 * as soon as a signal is pending; libbpf tries five times, which is not enough beside a profiler that sends one every
 * millisecond (`node --cpu-prof`).
 */
export function withSignalsHeld<T>(run: () => T): T {
  const before = Buffer.alloc(SIGSET_BYTES);
  native().pthreadSigmask(SIG_SETMASK, Buffer.alloc(SIGSET_BYTES, 0xff), before);
  try {
    return run();
  } finally {
    native().pthreadSigmask(SIG_SETMASK, before, null);
  }
}
