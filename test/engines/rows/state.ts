import { u32Key } from '../../../src/datapath/u32-key.ts';
import type { BucketRow, SourceBucketRow } from '../model/limits.ts';
import type { FlowRow, FragmentRow, State } from '../model.ts';
import { WORLD } from '../world.ts';
import type { AddressCodec } from './addresses.ts';
import { encodeCapture } from './capture.ts';
import {
  encodeDevice,
  encodeListener,
  encodePools,
  encodeSecret,
  encodeSniRoute,
  encodeSourceRoute,
  encodeTarget,
} from './config.ts';
import { type Entry, inKeyOrder, type StateEntries } from './entry.ts';
import { encodeTell, encodeTold } from './event.ts';
import { decodeFlow, encodeFlow } from './flow.ts';
import { decodeFragment, encodeFragment } from './fragment.ts';
import { encodeHeld, encodeSlot } from './held.ts';
import {
  decodeBucket,
  decodeSourceBucket,
  encodeSourceBucket,
  encodeSourceLimit,
  encodeTargetBucket,
} from './rate.ts';

/** Its turn begins with slot 0. */
const LATE_RING_BYTES = 8;

/** What the maps hold for a state at `nowNs` on the programs' clock (CLOCK_MONOTONIC), `devices` of the world included. */
export function encodeState(state: State, nowNs: bigint, addresses: AddressCodec): StateEntries {
  return {
    devices: WORLD.interfaces.map(encodeDevice),
    listeners: state.listeners.map((row) => encodeListener(row, addresses)),
    source_routes: state.sourceRoutes.map(encodeSourceRoute),
    ...encodePools(state),
    targets: state.targets.map((row, id) => encodeTarget(row, id, addresses)),
    flows: state.flows.map((row) => encodeFlow(row, nowNs, addresses)),
    pending: state.pending.map((row) => encodeFlow(row, nowNs, addresses)),
    source_limits: (state.sourceLimits ?? []).map(encodeSourceLimit),
    rate_source: (state.sourceBuckets ?? []).map((row) => encodeSourceBucket(row, nowNs, addresses)),
    rate_target: state.targets.map(({ bucket }, id) => encodeTargetBucket(bucket, id, nowNs)),
    fragments: state.fragments.map((row) => encodeFragment(row, nowNs, addresses)),
    sni_routes: (state.sniRoutes ?? []).map(encodeSniRoute),
    late_secrets: (state.secrets ?? []).map(encodeSecret),
    late: (state.held ?? []).map((row) => encodeHeld(row, nowNs, addresses)),
    late_slots: Object.entries(state.slots ?? {}).map(([index, row]) => encodeSlot(Number(index), row)),
    late_rings: [{ key: u32Key(0), value: Buffer.alloc(LATE_RING_BYTES) }],
    told_flows: (state.told ?? []).map((row) => encodeTold(row, nowNs, addresses)),
    event_settings: [encodeTell(state.tell)],
    capture_filters: (state.capture ? [state.capture] : []).map((row) => encodeCapture(row, nowNs)),
  };
}

/** The rows of `flows` or `pending`, in the order of their keys' bytes. */
export function decodeFlows(
  entries: readonly Entry[],
  nowNs: bigint,
  addresses: AddressCodec,
): readonly FlowRow[] {
  return inKeyOrder(entries).map((entry) => decodeFlow(entry, nowNs, addresses));
}

/** The rows of `fragments`, in the order of their keys' bytes. */
export function decodeFragments(
  entries: readonly Entry[],
  nowNs: bigint,
  addresses: AddressCodec,
): readonly FragmentRow[] {
  return inKeyOrder(entries).map((entry) => decodeFragment(entry, nowNs, addresses));
}

/** The rows of `rate_source`, in the order of their keys' bytes. */
export function decodeSourceBuckets(
  entries: readonly Entry[],
  nowNs: bigint,
  addresses: AddressCodec,
): readonly SourceBucketRow[] {
  return inKeyOrder(entries).map((entry) => decodeSourceBucket(entry, nowNs, addresses));
}

/** The entries of `rate_target` that owe something or refused something, by target id. */
export function decodeTargetBuckets(
  entries: readonly Entry[],
  nowNs: bigint,
): Readonly<Record<number, BucketRow>> {
  const rows = entries.map(({ key, value }) => [key.readUInt32LE(0), decodeBucket(value, nowNs)] as const);
  return Object.fromEntries(rows.filter(([, { owedEpochs, refused }]) => owedEpochs !== 0 || refused !== 0));
}
