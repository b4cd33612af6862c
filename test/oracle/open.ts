/** Opening a flow: choose a target, in snat mode also a source port, until the tuple towards the target is free. */
import { slotNumber } from './choose.ts';
import { addToTarget, type Context } from './context.ts';
import type { Decision } from './decide.ts';
import { enter, find, otherHalf, removeFlow } from './flows.ts';
import { type Packet, sameTuple, turned } from './packet.ts';
import { admitsSource, noteRefusal, targetHasRoom } from './rate.ts';
import { type FlowTable, type Half, type Listener, routedPool, type Target } from './tables.ts';
import { tellOpened, tellRemoved } from './tell.ts';

const TARGET_TRIES = 4;
const TARGET_LOOKS = 16;
const PORT_TRIES = 32;
/** From this try on a connection that is half open loses its port: a flood must not use the ports up. */
const FIRST_STEALING_TRY = 16;

/** A flow that is bound late, until its target answers. */
const UNTRANSLATED = { seqDelta: 0, ackDelta: 0, scales: { client: 0, target: 0 }, held: true } as const;

/** Opens a flow for the first packet of a client. */
export function openFlow(
  context: Context,
  packet: Packet,
  listener: Listener,
  late?: { readonly name: string },
): Decision {
  const { tables } = context;
  if (listener.sourceLimit && !admitsSource(context, listener.proxy, packet.tuple.source)) {
    return { reason: 'dropped_rate_limited_source' };
  }
  const routed = listener.sourceRoutes ? routedPool(tables, listener.proxy, packet.tuple.source) : undefined;
  const pool = routed ?? listener.pool;
  const slots = tables.pools[pool] ?? [];
  if (slots.length === 0) return { reason: 'dropped_no_target' };
  const start = firstWithRoom(context, slots, slotNumber(context, pool, packet));
  if (start === undefined) return refuse(context, listener);
  let lastTry: 'conflict' | 'full' = 'conflict';
  for (let attempt = 0; attempt < TARGET_TRIES; attempt++) {
    const id = slots[(start + attempt) % slots.length] ?? -1;
    if (attempt > 0 && !targetHasRoom(context, id)) {
      lastTry = 'full';
      continue;
    }
    lastTry = 'conflict';
    const target = tables.targets[id];
    if (!target) return { reason: 'dropped_no_target' };
    const snat = listener.snat && !target.local;
    if (snat && target.snatAddress === undefined) return { reason: 'dropped_no_route' };
    const draft: Half = {
      ...draftFlow(context, packet, id, target, snat),
      ...(late ? { late: UNTRANSLATED } : {}),
      ...(target.proxyHeader && packet.protocol === 'tcp' ? { header: { held: true, ask: false } } : {}),
    };
    const half = snat ? enterWithFreePort(context, draft) : enterIfFree(context, draft, false);
    if (half) {
      addToTarget(context, id, { flows: 1 });
      const route = late?.name ? 'sni' : routed === undefined ? 'default' : 'source';
      tellOpened(tables.telling, half, { route, name: late?.name ?? '' }, context.random);
      return { half, pending: true, reason: 'forwarded_new_flow' };
    }
    if (snat) return { reason: 'dropped_no_snat_port' };
  }
  return lastTry === 'full' ? refuse(context, listener) : { reason: 'dropped_tuple_conflict' };
}

/**
 * The slot that the algorithm names. If its target has reached its limit, the first one behind it whose target has not, of
 * sixteen slots in all; undefined when all those have. The first target counts what it could not take.
 */
function firstWithRoom(context: Context, slots: readonly number[], first: number): number | undefined {
  for (let look = 0; look < TARGET_LOOKS; look++) {
    const id = slots[((first % slots.length) + look) % slots.length] ?? -1;
    if (targetHasRoom(context, id)) return (first % slots.length) + look;
    if (look === 0) noteRefusal(context, id);
  }
  return undefined;
}

/** Counts a flow that no target could take. */
function refuse({ refused }: Context, { proxy }: Listener): Decision {
  const { source, target } = refused.get(proxy) ?? { source: 0, target: 0 };
  refused.set(proxy, { source, target: target + 1 });
  return { reason: 'dropped_rate_limited_target' };
}

function draftFlow(context: Context, packet: Packet, id: number, target: Target, snat: boolean): Half {
  return {
    protocol: packet.protocol === 'tcp' ? 'tcp' : 'udp',
    in: packet.tuple,
    out: {
      source: (snat ? target.snatAddress : undefined) ?? packet.tuple.source,
      sourcePort: packet.tuple.sourcePort,
      destination: target.address,
      destinationPort: target.port,
    },
    direction: 'forward',
    state: packet.protocol === 'tcp' ? 'syn' : 'udp',
    fin: false,
    snat,
    local: target.local,
    proxy: target.proxy,
    target: id,
    acked: 0,
    isn: 0,
    packets: 0,
    bytes: 0,
    seen: context.now,
    created: context.now,
  };
}

function enterWithFreePort(context: Context, draft: Half): Half | undefined {
  const { snatPortMin, snatPortCount } = context.options;
  const start = context.random();
  for (let attempt = 0; attempt < PORT_TRIES; attempt++) {
    const sourcePort = snatPortMin + (((start + attempt) % 2 ** 32) % snatPortCount);
    const candidate = { ...draft, out: { ...draft.out, sourcePort } };
    const half = enterIfFree(context, candidate, attempt >= FIRST_STEALING_TRY);
    if (half) return half;
  }
  return undefined;
}

/** Enters both halves unless a living flow has the tuple of the replies. */
function enterIfFree(context: Context, forward: Half, steal: boolean): Half | undefined {
  const { pending, flows } = context.tables;
  if (!freeReplyTuple(context, pending, forward, steal)) return undefined;
  if (!freeReplyTuple(context, flows, forward, false)) return undefined;
  enter(pending, otherHalf(forward));
  enter(pending, forward);
  return forward;
}

/** Whether the tuple of the replies is free, after what may be removed there is removed. */
function freeReplyTuple(
  { tables: { telling }, now }: Context,
  table: FlowTable,
  forward: Half,
  steal: boolean,
): boolean {
  const old = find(table, forward.protocol, turned(forward.out));
  if (!old) return true;
  const isOver = old.state === 'closing' || sameTuple(old.out, turned(forward.in));
  if (!isOver && !(steal && old.state === 'syn')) return false;
  tellRemoved(telling, table, old, 'evicted', now);
  removeFlow(table, old);
  return true;
}
