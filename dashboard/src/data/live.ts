import { effect, untracked } from '@preact/signals';
import type { StampedEvent } from '../../../src/events/index.ts';
import type {
  CircuitsReport,
  DrainsReport,
  HealthReport,
  LatenciesReport,
  StatsReport,
  StatusReport,
  TargetsReport,
} from '../../../src/report/index.ts';
import { describe, eventName, subjectOf, toneOf } from '../format/events.ts';
import { ApiError } from './client.ts';
import { readEventStream } from './event-stream.ts';
import { extend } from './history.ts';
import { pause } from './pause.ts';
import type { Store } from './store.ts';

const SAMPLE_MS = 2_000;
/** Longest time that an answer may take. */
const TIMEOUT_MS = 10_000;
const RETRY_MS = 1_000;
/** News is looked at together. */
const SETTLE_MS = 200;
const MAX_EVENTS = 1_000;

/** Keeps a store up to date, anew with each other token. Returns what ends it. */
export function follow(store: Store): () => void {
  return effect(() => {
    const stop = new AbortController();
    // Another token is another reader: what is known may not be for its eyes.
    store.session.token.value;
    untracked(() => {
      void sampleAlways(store, stop.signal);
      void hearAlways(store, stop.signal);
    });
    return () => stop.abort();
  });
}

/** Asks for counters and state again and again. */
async function sampleAlways(store: Store, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await sample(store, AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]));
      if (signal.aborted) return;
      if (store.link.value.kind === 'lost') store.announcement.value = 'Connected again';
      store.link.value = { kind: 'live' };
    } catch (error) {
      if (signal.aborted) return;
      if (isLocked(error)) {
        store.link.value = { kind: 'locked', wrongToken: store.session.token.value !== null };
        return;
      }
      lose(store, error);
    }
    await pause(SETTLE_MS, signal, null);
    await pause(SAMPLE_MS - SETTLE_MS, signal, store.refresh);
  }
}

async function sample({ client, snapshot, history }: Store, signal: AbortSignal): Promise<void> {
  const [stats, status, targets, health, circuits, drains, latencies] = await Promise.all([
    client.get<StatsReport>('v1/stats', signal),
    client.get<StatusReport>('v1/status', signal),
    client.get<TargetsReport>('v1/targets?limit=10000', signal),
    client.get<HealthReport>('v1/health?limit=10000', signal),
    client.get<CircuitsReport>('v1/circuits?limit=10000', signal),
    client.get<DrainsReport>('v1/drains?limit=10000', signal),
    client.get<LatenciesReport>('v1/latencies', signal),
  ]);
  snapshot.value = {
    status,
    targets: targets.targets,
    health,
    circuits: circuits.circuits,
    drains: drains.drains,
    latencies,
  };
  history.value = extend(history.value, { atMs: performance.timeOrigin + performance.now(), stats });
}

/** Reads events as they happen; after a break it goes on where it was. */
async function hearAlways(store: Store, signal: AbortSignal): Promise<void> {
  store.events.value = [];
  while (!signal.aborted) {
    try {
      if (store.events.value.length === 0) await recall(store, signal);
      await hear(store, signal);
    } catch (error) {
      if (isLocked(error)) return;
    }
    await pause(RETRY_MS, signal, null);
  }
}

/** What happened before the page was opened. */
async function recall({ client, events }: Store, signal: AbortSignal): Promise<void> {
  const { events: recent } = await client.get<{ events: readonly StampedEvent[] }>(
    'v1/events/recent',
    signal,
  );
  events.value = recent;
}

async function hear(store: Store, signal: AbortSignal): Promise<void> {
  const after = store.events.value.at(-1)?.id;
  const where = { path: 'v1/events', signal, ...(after === undefined ? {} : { after }) };
  await readEventStream(store.client, where, (events) => tell(store, events));
}

function tell(store: Store, events: readonly StampedEvent[]): void {
  store.events.value = [...store.events.value, ...events].slice(-MAX_EVENTS);
  const grave = events.findLast((event) => toneOf(event) !== 'plain');
  if (grave !== undefined) {
    store.announcement.value = `${eventName(grave.type)}: ${subjectOf(grave)} ${describe(grave)}`;
  }
  store.refresh.value += 1;
}

function lose(store: Store, error: unknown): void {
  const why = error instanceof ApiError ? error.message : 'nothing answers';
  const { value } = store.link;
  if (value.kind !== 'lost') store.announcement.value = 'The connection is lost';
  store.link.value = { kind: 'lost', since: value.kind === 'lost' ? value.since : new Date(), why };
}

function isLocked(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}
