/** What is told of flows: each that was opened while telling was on has one end. */
import type { EventRow, TellRow, ToldRow, Traffic } from '../engines/index.ts';
import { addressHex, addressText } from './address.ts';
import { peerOf } from './flows.ts';
import { type HexTuple, tupleKey, turned } from './packet.ts';
import type { FlowTable, Half } from './tables.ts';

/** What one direction has counted: by halves that are gone, and by the one that is there. */
interface Counted {
  readonly gone: Traffic;
  readonly last: Traffic;
}

/** A flow that is told of. Times are epochs. */
export interface Told
  extends Omit<
    ToldRow,
    'client' | 'reply' | 'openedEpochsAgo' | 'seenEpochsAgo' | 'forward' | 'backward' | 'incomplete'
  > {
  readonly client: HexTuple;
  readonly reply: HexTuple;
  readonly opened: number;
  seen: number;
  forward: Counted;
  backward: Counted;
  incomplete: boolean;
}

/** Who is told of, by the tuple of the client's packets, and what was told. */
export interface Telling {
  readonly tell: TellRow | undefined;
  readonly flows: Map<string, Told>;
  readonly events: EventRow[];
}

const NOTHING = { packets: 0, bytes: 0 };

/** What a state says of telling, at the epoch `now`. */
export function loadTelling(tell: TellRow | undefined, rows: readonly ToldRow[], now: number): Telling {
  const flows = rows.map((row): [string, Told] => {
    const { client, reply, openedEpochsAgo, seenEpochsAgo, forward, backward, ...rest } = row;
    const told = {
      ...rest,
      client: { ...client, source: addressHex(client.source), destination: addressHex(client.destination) },
      reply: { ...reply, source: addressHex(reply.source), destination: addressHex(reply.destination) },
      opened: now - openedEpochsAgo,
      seen: now - seenEpochsAgo,
      forward: { gone: NOTHING, last: forward },
      backward: { gone: NOTHING, last: backward },
    };
    return [tupleKey(told.protocol, told.client), told];
  });
  return { tell, flows: new Map(flows), events: [] };
}

/** A flow was opened. What had its tuple before, and was never told to end, was evicted. */
export function tellOpened(
  telling: Telling,
  half: Half,
  way: Pick<Told, 'route' | 'name'>,
  random: () => number,
): void {
  const { tell, flows } = telling;
  if (!tell) return;
  const key = tupleKey(half.protocol, half.in);
  const old = flows.get(key);
  if (old) tellEnd(telling, old, 'evicted', half.created);
  if (tell.oneIn > 1 && random() % tell.oneIn !== 0) return;
  const told: Told = {
    ...way,
    protocol: half.protocol,
    client: half.in,
    reply: turned(half.out),
    proxy: half.proxy,
    target: half.target,
    opened: half.created,
    seen: half.created,
    forward: { gone: NOTHING, last: NOTHING },
    backward: { gone: NOTHING, last: NOTHING },
    incomplete: false,
  };
  flows.set(key, told);
  if (tell.opened) telling.events.push(eventOf(told, 'none', half.created));
}

/** A flow is removed. One that was not closing has ended as `otherwise` says. */
export function tellRemoved(
  telling: Telling,
  table: FlowTable,
  half: Half,
  otherwise: EventRow['end'],
  now: number,
): void {
  const peer = peerOf(table, half);
  const [forward, backward] = half.direction === 'forward' ? [half, peer] : [peer, half];
  const told = telling.flows.get(tupleKey(half.protocol, forward?.in ?? turned(half.out)));
  if (!told || !telling.tell) return;
  follow(told, forward, backward);
  tellEnd(telling, told, endOf(forward, backward) ?? otherwise, now);
}

/** After a sweep: what is nowhere any more was evicted; of the rest is remembered what it has counted. */
export function tellEvicted(telling: Telling, tables: readonly FlowTable[], now: number): void {
  if (!telling.tell) return;
  for (const told of [...telling.flows.values()]) {
    const [forward, backward] = [told.client, told.reply].map((tuple) =>
      tables.map((table) => table.get(tupleKey(told.protocol, tuple))).find((half) => half !== undefined),
    );
    follow(told, forward, backward);
    if (!forward && !backward) tellEnd(telling, told, 'evicted', now);
  }
}

function tellEnd({ flows, events }: Telling, told: Told, end: EventRow['end'], now: number): void {
  flows.delete(tupleKey(told.protocol, told.client));
  events.push(eventOf(told, end, now));
}

/** How a connection has ended; undefined if it had not. Of a half that is missing nothing is known. */
function endOf(forward: Half | undefined, backward: Half | undefined): EventRow['end'] | undefined {
  if ((forward ?? backward)?.state !== 'closing') return undefined;
  if ([forward, backward].every((half) => half?.fin ?? true)) return 'fin';
  const answered = backward === undefined || backward.isn !== 0 || backward.packets === 0;
  return answered || (forward !== undefined && forward.acked !== 0) ? 'rst' : 'refused';
}

function follow(told: Told, forward: Half | undefined, backward: Half | undefined): void {
  told.forward = followed(told, told.forward, forward);
  told.backward = followed(told, told.backward, backward);
}

/** A half that has counted less than before is another one: packets in between nobody knows. */
function followed(told: Told, { gone, last }: Counted, half: Half | undefined): Counted {
  if (!half) {
    told.incomplete = true;
    return { gone, last };
  }
  told.seen = Math.max(told.seen, half.seen);
  const now = { packets: half.packets, bytes: half.bytes };
  if (now.packets >= last.packets) return { gone, last: now };
  told.incomplete = true;
  return { gone: sum(gone, last), last: now };
}

function eventOf(told: Told, end: EventRow['end'], now: number): EventRow {
  const { client, reply, opened, seen, forward, backward, ...rest } = told;
  return {
    ...rest,
    end,
    client: { ...client, source: addressText(client.source), destination: addressText(client.destination) },
    reply: { ...reply, source: addressText(reply.source), destination: addressText(reply.destination) },
    openedEpochsAgo: now - opened,
    seenEpochsAgo: now - seen,
    forward: sum(forward.gone, forward.last),
    backward: sum(backward.gone, backward.last),
  };
}

function sum(a: Traffic, b: Traffic): Traffic {
  return { packets: a.packets + b.packets, bytes: a.bytes + b.bytes };
}
