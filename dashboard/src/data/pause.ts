import type { ReadonlySignal } from '@preact/signals';

/** Waits for so long, or until the signal aborts, or until somebody does not want to wait. */
export function pause(ms: number, stop: AbortSignal, wake: ReadonlySignal<number> | null): Promise<void> {
  return new Promise((resolve) => {
    const before = wake?.peek();
    const unsubscribe = wake?.subscribe((value) => {
      if (value !== before) finish();
    });
    const timer = setTimeout(finish, ms);
    stop.addEventListener('abort', finish, { once: true });
    function finish(): void {
      clearTimeout(timer);
      unsubscribe?.();
      stop.removeEventListener('abort', finish);
      resolve();
    }
  });
}
