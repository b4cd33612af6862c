import { type Signal, useSignal } from '@preact/signals';
import type { CheckReport, TargetWeightReport } from '../../../../src/report/index.ts';
import { millisecondsText } from '../../../../src/units/index.ts';
import { targetPath } from '../../data/client.ts';
import { useStore } from '../../data/store.ts';

/** What may be done to a target, and what came of it. */
export interface Actions {
  /** What was done last, in words. */
  readonly said: Signal<string>;
  /** Why it was not done; null when it was. */
  readonly error: Signal<unknown>;
  readonly setState: (state: string, timeoutMs: number) => void;
  readonly setWeight: (weight: number) => void;
  readonly setCircuit: (state: string) => void;
  readonly setHealth: (status: string) => void;
  readonly check: () => void;
}

/** The actions on one target of one pool. */
export function useActions({ proxy, pool, target }: TargetWeightReport): Actions {
  const { client, refresh } = useStore();
  const said = useSignal('');
  const error = useSignal<unknown>(null);
  const act = (work: () => Promise<string>) => {
    said.value = '…';
    error.value = null;
    void work().then(
      (words) => {
        said.value = words;
        refresh.value += 1;
      },
      (cause: unknown) => {
        said.value = '';
        error.value = cause;
      },
    );
  };
  const path = (prefix: string) => targetPath(prefix, proxy, target);
  return {
    said,
    error,
    setState: (state, timeoutMs) =>
      act(async () => {
        const body = { state, ...(state === 'drain' ? { timeoutMs } : {}) };
        await client.change('PUT', `${path('targets')}/state`, body);
        return `Done: it is ${state === 'drain' ? 'being drained' : state === 'ready' ? 'ready' : 'in maintenance'}.`;
      }),
    setWeight: (weight) =>
      act(async () => {
        const query = new URLSearchParams({ pool });
        const body = { weights: { [target]: weight } };
        await client.change('PUT', `v1/proxies/${encodeURIComponent(proxy)}/weights?${query}`, body);
        return `Done: its weight is ${weight}.`;
      }),
    setCircuit: (state) =>
      act(async () => {
        await client.change('PUT', path('circuits'), { state });
        return `Done: the circuit is ${state === 'auto' ? 'left to connections' : state}.`;
      }),
    setHealth: (status) =>
      act(async () => {
        await client.change('PUT', `${path('health')}/status`, { status });
        return `Done: ${status === 'auto' ? 'checks decide' : `it counts as ${status}`}.`;
      }),
    check: () =>
      act(async () => {
        const { success, message, latencyMs } = await client.change<CheckReport>(
          'POST',
          `${path('health')}/check`,
        );
        return `The check ${success ? 'succeeded' : 'failed'}: ${message} (${millisecondsText(latencyMs)}).`;
      }),
  };
}
