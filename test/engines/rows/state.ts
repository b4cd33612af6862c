import type { FlowRow, FragmentRow, State } from '../model.ts';
import { WORLD } from '../world.ts';
import type { AddressCodec } from './addresses.ts';
import { encodeDevice, encodeListener, encodePools, encodeSourceRoute, encodeTarget } from './config.ts';
import { type Entry, inKeyOrder, type StateEntries } from './entry.ts';
import { decodeFlow, encodeFlow } from './flow.ts';
import { decodeFragment, encodeFragment } from './fragment.ts';

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
    fragments: state.fragments.map((row) => encodeFragment(row, nowNs, addresses)),
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
