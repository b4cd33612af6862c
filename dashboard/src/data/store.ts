import { type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { StampedEvent } from '../../../src/events/index.ts';
import type {
  CircuitReport,
  DrainReport,
  HealthReport,
  LatenciesReport,
  StatusReport,
  TargetWeightReport,
} from '../../../src/report/index.ts';
import type { Client } from './client.ts';
import { type History, NO_HISTORY } from './history.ts';
import type { Session } from './session.ts';

/** How the page stands with the daemon. */
export type Link =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** Nothing, or nothing sensible, answers; it is tried again. */
  | { readonly kind: 'lost'; readonly since: Date; readonly why: string }
  /** A token is needed, or the one that was used is not right. */
  | { readonly kind: 'locked'; readonly wrongToken: boolean };

/** What is known of the balancer, taken together at one time. */
export interface Snapshot {
  readonly status: StatusReport;
  readonly targets: readonly TargetWeightReport[];
  readonly health: HealthReport;
  readonly circuits: readonly CircuitReport[];
  readonly drains: readonly DrainReport[];
  readonly latencies: LatenciesReport;
}

/** Everything that pages show. */
export interface Store {
  readonly session: Session;
  readonly client: Client;
  readonly link: Signal<Link>;
  readonly snapshot: Signal<Snapshot | null>;
  readonly history: Signal<History>;
  /** The youngest last. */
  readonly events: Signal<readonly StampedEvent[]>;
  /** What somebody who cannot see the page should hear. */
  readonly announcement: Signal<string>;
  /** Asks for everything anew at once, after a change. */
  readonly refresh: Signal<number>;
}

/** A store that knows nothing yet. */
export function createStore(session: Session, client: Client): Store {
  return {
    session,
    client,
    link: signal<Link>({ kind: 'connecting' }),
    snapshot: signal<Snapshot | null>(null),
    history: signal<History>(NO_HISTORY),
    events: signal<readonly StampedEvent[]>([]),
    announcement: signal(''),
    refresh: signal(0),
  };
}

/** Hands the store to the pages. */
export const StoreContext = createContext<Store | null>(null);

/** The store of the page. @throws Error outside of {@link StoreContext} */
export function useStore(): Store {
  const store = useContext(StoreContext);
  if (store === null) throw new Error('there is no store here');
  return store;
}
