import { FLOW_EVENT_TYPES, type FlowEvent, isFlowType } from './flow.ts';

/** A target gets connections again: it is healthy or recovering, or was set so by hand. */
export interface TargetHealthy {
  readonly type: 'targetHealthy';
  readonly proxy: string;
  /** `10.0.0.1:8080`. */
  readonly target: string;
  readonly reason: string;
}

/** A target is to get no more connections. */
export interface TargetUnhealthy {
  readonly type: 'targetUnhealthy';
  readonly proxy: string;
  readonly target: string;
  /** What the check found, or that it was set so by hand. */
  readonly reason: string;
}

/** Connections are shared out anew in one pool; in the kernel when this is told. */
export interface WeightsUpdated {
  readonly type: 'weightsUpdated';
  readonly proxy: string;
  /** `default`, or the source or host name of the route. */
  readonly pool: string;
  readonly targets: readonly string[];
  /** Percent, in the order of `targets`. */
  readonly originalWeights: readonly number[];
  /** Percent, in the order of `targets`. */
  readonly effectiveWeights: readonly number[];
}

/** An operator wants something else of a target; in the kernel when this is told. */
export interface TargetStateChanged {
  readonly type: 'targetStateChanged';
  readonly proxy: string;
  readonly target: string;
  readonly state: 'ready' | 'drain' | 'maintenance';
}

/** A target is being drained. */
export interface DrainStarted {
  readonly type: 'drainStarted';
  readonly proxy: string;
  readonly target: string;
  /** Flows that were open when it began. */
  readonly initialConnections: number;
  readonly timeoutMs: number;
}

/** A drain is over. */
export interface DrainEnded {
  readonly type: 'drainEnded';
  readonly proxy: string;
  readonly target: string;
  readonly status: 'completed' | 'timeout' | 'cancelled';
  readonly elapsedMs: number;
  /** Flows that are still open. */
  readonly currentConnections: number;
}

/** The circuit of a target has opened: it gets no new connections, because too many failed or somebody has said so. */
export interface CircuitOpened {
  readonly type: 'circuitOpened';
  readonly proxy: string;
  readonly target: string;
  readonly reason: string;
}

/** The circuit of a target is half-open: it gets a tenth of its share, to see whether it answers. */
export interface CircuitHalfOpened {
  readonly type: 'circuitHalfOpened';
  readonly proxy: string;
  readonly target: string;
  readonly reason: string;
}

/** The circuit of a target is closed: it gets its share again. */
export interface CircuitClosed {
  readonly type: 'circuitClosed';
  readonly proxy: string;
  readonly target: string;
  readonly reason: string;
}

/** A host name of targets was resolved. */
export interface DnsResolved {
  readonly type: 'dnsResolved';
  readonly hostname: string;
  /** Proxies whose targets have it. */
  readonly proxies: readonly string[];
  /** Addresses that it stands for now, and did not before; and the other way round. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Whether anything is different: an address, a port, a share. */
  readonly changed: boolean;
}

/** A host name of targets could not be resolved; its last addresses stand. */
export interface DnsFailed {
  readonly type: 'dnsFailed';
  readonly hostname: string;
  readonly proxies: readonly string[];
  readonly error: string;
  readonly consecutiveFailures: number;
}

/** Another configuration is in force. */
export interface ConfigurationApplied {
  readonly type: 'configurationApplied';
  readonly generation: number;
  /** SHA-256 of the configuration, hex. */
  readonly hash: string;
}

/** A configuration was not taken; the last good one stays. */
export interface ConfigurationRefused {
  readonly type: 'configurationRefused';
  readonly reason: string;
}

/** What happens to the health of targets, and what comes of it. */
export type HealthEvent = TargetHealthy | TargetUnhealthy | WeightsUpdated;

/** What happens to circuits. */
export type CircuitEvent = CircuitOpened | CircuitHalfOpened | CircuitClosed;

/** What happens in a balancer. */
export type BalancerEvent =
  | HealthEvent
  | TargetStateChanged
  | DrainStarted
  | DrainEnded
  | CircuitEvent
  | DnsResolved
  | DnsFailed
  | ConfigurationApplied
  | ConfigurationRefused;

/** Events are missing here: the reader was too slow, or away for too long. */
export interface EventsDropped {
  readonly type: 'eventsDropped';
  readonly count: number;
}

/** What every event has when it is told. */
export interface EventStamp {
  /** Tells where a reader was: begins with the life of the daemon, ends with a number that counts up. */
  readonly id: string;
  /** When it happened, ISO 8601. */
  readonly at: string;
}

/** An event as readers get it. */
export type StampedEvent = EventStamp & (BalancerEvent | FlowEvent | EventsDropped);

/** Every type of event that can be asked for. */
export const EVENT_TYPES = [
  'targetHealthy',
  'targetUnhealthy',
  'weightsUpdated',
  'targetStateChanged',
  'drainStarted',
  'drainEnded',
  'circuitOpened',
  'circuitHalfOpened',
  'circuitClosed',
  'dnsResolved',
  'dnsFailed',
  'configurationApplied',
  'configurationRefused',
  ...FLOW_EVENT_TYPES,
] as const satisfies readonly EventType[];

/** One of {@link EVENT_TYPES}. */
export type EventType = BalancerEvent['type'] | FlowEvent['type'];

/** The event of one type. */
export type EventOf<Type extends EventType> = EventStamp &
  Extract<BalancerEvent | FlowEvent, { readonly type: Type }>;

/** Which events to tell; default all but those of single flows. */
export interface EventFilter {
  readonly types?: readonly EventType[] | undefined;
  /** Only what happens to this proxy. */
  readonly proxy?: string | undefined;
}

/** Whether an event is one that a filter asks for. */
export function isWanted(event: BalancerEvent | FlowEvent, { types, proxy }: EventFilter): boolean {
  const isOfType = types === undefined ? !isFlowType(event.type) : types.includes(event.type);
  return isOfType && (proxy === undefined || isAbout(event, proxy));
}

/** Whether a filter asks for events of single flows. */
export function wantsFlows({ types }: EventFilter): boolean {
  return types?.some(isFlowType) ?? false;
}

function isAbout(event: BalancerEvent | FlowEvent, proxy: string): boolean {
  if ('proxy' in event) return event.proxy === proxy;
  return 'proxies' in event && event.proxies.includes(proxy);
}
