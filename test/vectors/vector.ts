import { z } from 'zod';
import { eventRows } from './notation/event.ts';
import { flowRows } from './notation/flow.ts';
import { heldRows } from './notation/held.ts';
import { interfaceNamed } from './notation/hop.ts';
import { fieldValues, partialPacket } from './notation/packet.ts';
import { bucketRows, targetBuckets } from './notation/rate.ts';
import { fragmentRows, partialState } from './notation/state.ts';
import { notation } from './notation/syntax.ts';

const count = z.number().int().min(0);
const hook = z.enum(['xdp_ingress', 'tc_ingress', 'tc_egress']);

const options = z
  .strictObject({ snatPorts: z.tuple([count, count]), confirmNewFlows: z.enum(['never', 'always']) })
  .partial();

/** What a verdict says: `pass`, `drop`, `redirect to back0`, `redirect to back0, resolve`. */
const verdict = notation((text) => {
  if (text === 'pass' || text === 'drop') return { verdict: text, redirect: undefined } as const;
  const match = /^redirect to (?<to>\w+)(?<resolve>, resolve)?$/.exec(text);
  if (!match?.groups?.to) {
    throw new SyntaxError(
      `'${text}' is no verdict: write pass, drop, redirect to back0, or redirect to back0, resolve`,
    );
  }
  const { ifindex } = interfaceNamed(match.groups.to);
  return { verdict: 'redirect', redirect: { ifindex, resolve: match.groups.resolve !== undefined } } as const;
});

/** [packets, bytes] */
const traffic = z.tuple([count, count]);
const targetCounts = z.strictObject({
  forward: traffic.default([0, 0]),
  reply: traffic.default([0, 0]),
  flows: count.default(0),
  answered: count.default(0),
  established: count.default(0),
  refused: count.default(0),
  /** Whole epochs that the answer took, of those that are answered. */
  connectEpochs: count.default(0),
});

/** How the frame has changed. */
const change = z.strictObject({
  /** Neighbour whose MAC address it goes to; absent: the MAC addresses stay. */
  via: z.string().optional(),
  /** New source and destination, `address:port`, or an address alone. */
  from: z.string().optional(),
  to: z.string().optional(),
  ttl: count.optional(),
  /** Other fields; a checksum here is not made from the rest. */
  set: fieldValues.optional(),
  /** Instead of all this: the whole frame, field by field. */
  packet: partialPacket.optional(),
});
export type Change = z.infer<typeof change>;

const vector = z.strictObject({
  name: z.string().min(1),
  hook: z.union([hook, z.array(hook)], {
    error: 'expected xdp_ingress, tc_ingress, tc_egress, or a list of them',
  }),
  options: options.optional(),
  state: partialState.optional(),
  packet: partialPacket.optional(),
  gso: z.strictObject({ size: count, segments: count }).optional(),
  linear: count.optional(),
  vlanStripped: z.literal(true).optional(),
  randoms: z.array(count).optional(),
  verdict,
  /** Absent: the frame stays as it is. */
  out: change.optional(),
  /** Copies that are sent on before the packet itself, whole, each `on` the interface that it leaves by. */
  copies: z.array(partialPacket).default([]),
  /** The one reason that is counted, once. */
  reason: z.string(),
  /** What targets count, by id; no other counts anything. */
  targets: z.record(z.string().regex(/^\d+$/, 'expected the id of a target'), targetCounts).default({}),
  /** Packets that proxies count as refused, by id. */
  refused: z
    .record(
      z.string().regex(/^\d+$/, 'expected the id of a proxy'),
      z.strictObject({ source: count.default(0), target: count.default(0) }),
    )
    .default({}),
  /** What is told of flows, in this order. */
  events: eventRows.default([]),
  /** Tables afterwards, whole; one that is not named keeps its flows and their states. */
  after: z
    .strictObject({
      flows: flowRows('established'),
      pending: flowRows('syn'),
      fragments: fragmentRows,
      held: heldRows,
      buckets: bucketRows,
      targetBuckets,
    })
    .partial()
    .optional(),
});

/** A file of vectors. */
export const vectorFile = z.strictObject({
  about: z.string(),
  /** What holds for every vector that says nothing else. */
  options: options.optional(),
  state: partialState.optional(),
  packet: partialPacket.optional(),
  vectors: z.array(vector).min(1),
});

export type VectorFile = z.infer<typeof vectorFile>;
export type Vector = z.infer<typeof vector>;
