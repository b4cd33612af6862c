import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { readEventStream } from '../data/event-stream.ts';
import { type Flows, type FlowWish, flowPath, NO_FLOWS, withFlows } from '../data/flows.ts';
import { pause } from '../data/pause.ts';
import { useStore } from '../data/store.ts';

const RETRY_MS = 1_000;
/** However many come, the page is drawn anew only so often. */
const DRAW_MS = 250;

/** Hears of connections while the component is on the page; anew with other wishes. */
export function useFlows(proxy: string, wish: FlowWish): ReadonlySignal<Flows> {
  const { client } = useStore();
  const shown = useSignal(NO_FLOWS);
  useEffect(() => {
    const stop = new AbortController();
    let flows = NO_FLOWS;
    shown.value = flows;
    const draw = setInterval(() => {
      shown.value = flows;
    }, DRAW_MS);
    const hear = async () => {
      while (!stop.signal.aborted) {
        await readEventStream(client, { path: flowPath(proxy, wish), signal: stop.signal }, (events) => {
          flows = withFlows(flows, events, wish);
        }).catch(() => {
          // That the daemon does not answer is told for the whole page; here it is tried again.
        });
        await pause(RETRY_MS, stop.signal, null);
      }
    };
    void hear();
    return () => {
      clearInterval(draw);
      stop.abort();
    };
  }, [proxy, wish]);
  return shown;
}
