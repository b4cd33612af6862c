import {
  EVENT_LOSSES_SIZE,
  EVENT_SETTINGS_SIZE,
  FLOW_END_NAMES,
  FLOW_ROUTE_NAMES,
  FlowEnd,
  FlowEventFlag,
  FlowRoute,
  readEventLosses,
  readFlowEvent,
  readFlowKey,
  TOLD_FLOW_SIZE,
  writeEventSettings,
  writeToldFlow,
} from '../../../src/datapath/generated/abi.ts';
import { protocolName } from '../../../src/datapath/protocols.ts';
import { u32Key } from '../../../src/datapath/u32-key.ts';
import type { Traffic } from '../model/basics.ts';
import type { EventRow, LossesDelta, TellRow, ToldRow } from '../model/told.ts';
import type { AddressCodec } from './addresses.ts';
import type { Entry } from './entry.ts';
import { encodeKey, named, tuple } from './flow.ts';
import { epochsAgo, epochsBefore } from './time.ts';

const NO_TRAFFIC = { packets: 0n, bytes: 0n };

export function encodeTell(row: TellRow | undefined): Entry {
  const value = Buffer.alloc(EVENT_SETTINGS_SIZE);
  writeEventSettings({ oneIn: row?.oneIn ?? 0, opened: row?.opened ? 1 : 0 }, value);
  return { key: u32Key(0), value };
}

/** What was counted by halves that are no more cannot be told from what the last ones have. */
export function encodeTold(row: ToldRow, nowNs: bigint, addresses: AddressCodec): Entry {
  const value = Buffer.alloc(TOLD_FLOW_SIZE);
  writeToldFlow(
    {
      reply: readFlowKey(encodeKey(row.protocol, row.reply, addresses)),
      name: row.name === '' ? 0n : BigInt(`0x${row.name}`),
      openedNs: epochsBefore(nowNs, row.openedEpochsAgo),
      seenNs: epochsBefore(nowNs, row.seenEpochsAgo),
      forward: { before: NO_TRAFFIC, last: encodeTraffic(row.forward) },
      backward: { before: NO_TRAFFIC, last: encodeTraffic(row.backward) },
      proxy: row.proxy,
      target: row.target,
      route: FlowRoute[row.route],
      flags: row.incomplete ? FlowEventFlag.incomplete : 0,
    },
    value,
  );
  return { key: encodeKey(row.protocol, row.client, addresses), value };
}

/** A record of the ring, at `nowNs`. */
export function decodeEvent(record: Buffer, nowNs: bigint, addresses: AddressCodec): EventRow {
  const event = readFlowEvent(record);
  return {
    end: named(FLOW_END_NAMES, FlowEnd, event.end),
    protocol: protocolName(event.client.protocol),
    client: tuple(event.client, addresses),
    reply: tuple(event.reply, addresses),
    route: named(FLOW_ROUTE_NAMES, FlowRoute, event.route),
    name: event.name === 0n ? '' : event.name.toString(16),
    proxy: event.proxy,
    target: event.target,
    openedEpochsAgo: epochsAgo(nowNs, event.openedNs),
    seenEpochsAgo: epochsAgo(nowNs, event.seenNs),
    forward: decodeTraffic(event.forward),
    backward: decodeTraffic(event.backward),
    incomplete: (event.flags & FlowEventFlag.incomplete) !== 0,
  };
}

/** What `event_losses` says, summed over the CPUs whose values lie one after another. */
export function decodeLosses(values: Buffer): LossesDelta {
  const sum = { opened: 0, closed: 0, flows: 0 };
  for (let at = 0; at < values.length; at += EVENT_LOSSES_SIZE) {
    const { opened, closed, flows } = readEventLosses(values, at);
    sum.opened += Number(opened);
    sum.closed += Number(closed);
    sum.flows += Number(flows);
  }
  return sum;
}

function encodeTraffic({ packets, bytes }: Traffic) {
  return { packets: BigInt(packets), bytes: BigInt(bytes) };
}

function decodeTraffic({ packets, bytes }: ReturnType<typeof encodeTraffic>): Traffic {
  return { packets: Number(packets), bytes: Number(bytes) };
}
