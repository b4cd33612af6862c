export { libbpfVersion, sendDatagram } from '../libbpf/index.ts';
export { encodeFilter, type PacketFilter } from './capture-filter.ts';
export type { CaptureCounters, CapturedRecord, Captures } from './captures.ts';
export type { ReasonCount } from './counters.ts';
export {
  Datapath,
  type DatapathOptions,
  destroyInstance,
  type FlowTimeouts,
  isUnsupportedHook,
  type SweepResult,
} from './datapath.ts';
export type {
  Attachment,
  AttemptCounts,
  FlowEntry,
  HookMode,
  ListenerEntry,
  PoolAlgorithm,
  PoolEntry,
  RateRule,
  SniRouteEntry,
  SourceLimitEntry,
  SourceRouteEntry,
  TargetCounts,
  TargetEntry,
} from './entries.ts';
export { translateErrors, translateErrorsOf } from './errors.ts';
export { decodeFlowEvent, type FlowEventEntry, type FlowEventLosses, type Telling } from './flow-events.ts';
export { FLOW_EVENT_SIZE, FlowEnd, type FlowEvent, writeFlowEvent } from './generated/abi.ts';
export { LATENCY_BOUNDS_NS, type LatencyCounts, NO_LATENCY } from './latency.ts';
export { nameHash } from './name-hash.ts';
export { type LoadOptions, objectPath } from './object-file.ts';
export { pinnedInstances } from './pins.ts';
export type { RateDrops, Refusals, SourceRefusals } from './rates.ts';
export { SLOTS_PER_BLOCK, Tables } from './tables.ts';
