import { batch, type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { pause } from '../data/pause.ts';
import { useStore } from '../data/store.ts';

/** An answer of the daemon that a page keeps asking for. */
export interface Resource<Answer> {
  /** The last one; null before the first. That of an earlier path stays until there is one of this path. */
  readonly answer: ReadonlySignal<Answer | null>;
  /** Whether the answer is one of this path. */
  readonly isCurrent: boolean;
  /** Why the last question was not answered. */
  readonly error: ReadonlySignal<unknown>;
}

/** Asks for a path again and again while the component is on the page. */
export function useResource<Answer>(path: string, everyMs: number): Resource<Answer> {
  const { client, refresh } = useStore();
  const answer = useSignal<Answer | null>(null);
  const answeredPath = useSignal('');
  const error = useSignal<unknown>(null);
  useEffect(() => {
    const stop = new AbortController();
    const ask = async () => {
      while (!stop.signal.aborted) {
        try {
          const found = await client.get<Answer>(path, stop.signal);
          if (stop.signal.aborted) return;
          batch(() => {
            answer.value = found;
            answeredPath.value = path;
            error.value = null;
          });
        } catch (cause) {
          if (stop.signal.aborted) return;
          error.value = cause;
        }
        await pause(everyMs, stop.signal, refresh);
      }
    };
    void ask();
    return () => stop.abort();
  }, [path, everyMs]);
  return { answer, isCurrent: answeredPath.value === path, error };
}
