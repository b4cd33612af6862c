import type { FlowEnd, FlowEvent, StampedEvent } from '../../../src/events/index.ts';

/** A connection that came or went; `key` tells it apart from others, as ids of flow events do not. */
export type KeptFlow = { readonly key: number } & Extract<StampedEvent, FlowEvent>;

/** What was told of connections since somebody began to look. */
export interface Flows {
  /** The youngest last. */
  readonly kept: readonly KeptFlow[];
  /** Those that were wanted, also those that are not kept any more. */
  readonly seen: number;
  /** Events that the daemon dropped, because this reader was too slow for them. */
  readonly missed: number;
}

/** Before the first event. */
export const NO_FLOWS: Flows = { kept: [], seen: 0, missed: 0 };

/** Which events of connections to show: all, of one type, or of one way to end. */
export type FlowWish = '' | 'opened' | 'closed' | FlowEnd;

/** Every {@link FlowWish}, in the order of choice. */
export const FLOW_WISHES = [
  '',
  'opened',
  'closed',
  'fin',
  'rst',
  'refused',
  'timeout',
  'evicted',
  'drained',
] as const satisfies readonly FlowWish[];

/** Most that are kept, and shown: whatever comes, the page stays as large as this. */
const MAX_KEPT = 200;

/** Where the daemon tells of what is wished for. */
export function flowPath(proxy: string, wish: FlowWish): string {
  const types = { '': 'flowOpened,flowClosed', opened: 'flowOpened' } as const;
  const type = wish === '' || wish === 'opened' ? types[wish] : 'flowClosed';
  return `v1/events?${new URLSearchParams({ type, ...(proxy === '' ? {} : { proxy }) })}`;
}

/** What is known with more events. */
export function withFlows(flows: Flows, events: readonly StampedEvent[], wish: FlowWish): Flows {
  let { seen, missed } = flows;
  const fresh: KeptFlow[] = [];
  for (const event of events) {
    if (event.type === 'eventsDropped') missed += event.count;
    if (!isFlow(event) || !isWished(event, wish)) continue;
    seen += 1;
    fresh.push({ ...event, key: seen });
  }
  return { kept: [...flows.kept, ...fresh.slice(-MAX_KEPT)].slice(-MAX_KEPT), seen, missed };
}

function isFlow(event: StampedEvent): event is Extract<StampedEvent, FlowEvent> {
  return event.type === 'flowOpened' || event.type === 'flowClosed';
}

function isWished(event: FlowEvent, wish: FlowWish): boolean {
  if (wish === '') return true;
  if (event.type === 'flowOpened') return wish === 'opened';
  return wish === 'closed' || event.reason === wish;
}
