export { u32Key } from '../../../src/datapath/u32-key.ts';
export { type AddressCodec, addressCodec } from './addresses.ts';
export { decodeCaptured } from './capture.ts';
export { decodeTargetCounters, hookNumber, REASON_STRIDE, reasonName } from './counters.ts';
export { type Entry, inKeyOrder, STATE_MAPS, type StateEntries, type StateMap } from './entry.ts';
export { decodeEvent, decodeLosses } from './event.ts';
export { decodeFlow } from './flow.ts';
export { decodeFragment } from './fragment.ts';
export { decodeHeld, decodeHolds, decodeSlot, encodeSlot } from './held.ts';
export { decodeLatency, type LatencyCounts, latencyDelta } from './latency.ts';
export { decodeMac, encodeMac } from './mac.ts';
export { decodeBucket, decodeRefused, decodeSourceBucket } from './rate.ts';
export {
  decodeFlows,
  decodeFragments,
  decodeSourceBuckets,
  decodeTargetBuckets,
  encodeState,
} from './state.ts';
export { epochOf, epochsAgo, epochsBefore } from './time.ts';
