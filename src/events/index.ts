export {
  type BalancerEvent,
  type CircuitClosed,
  type CircuitEvent,
  type CircuitHalfOpened,
  type CircuitOpened,
  type ConfigurationApplied,
  type ConfigurationRefused,
  type DnsFailed,
  type DnsResolved,
  type DrainEnded,
  type DrainStarted,
  EVENT_TYPES,
  type EventFilter,
  type EventOf,
  type EventStamp,
  type EventsDropped,
  type EventType,
  type HealthEvent,
  type StampedEvent,
  type TargetHealthy,
  type TargetStateChanged,
  type TargetUnhealthy,
  type WeightsUpdated,
} from './event.ts';
export { EventChannel } from './event-channel.ts';
export { EventCounts } from './event-counts.ts';
export { EventFeed, type EventFeedOptions, type ReadOptions } from './event-feed.ts';
export {
  FLOW_EVENT_TYPES,
  type FlowClosed,
  type FlowEnd,
  type FlowEvent,
  type FlowOpened,
  type FlowPlace,
  type FlowTraffic,
} from './flow.ts';
