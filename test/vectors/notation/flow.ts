import { z } from 'zod';
import type { FlowRow, LateRow, Protocol, Tuple } from '../../engines/index.ts';
import { parseArrow, parseEndpoint, parseTuple, turned } from './endpoint.ts';
import { parseHop } from './hop.ts';
import { notation } from './syntax.ts';

const count = z.number().int().min(0);
const stateName = z.enum(['syn', 'established', 'closing', 'udp']);

/** Half a flow; the word `none` stands for `{gone: true}`. */
const half = z.preprocess(
  (value) => (value === 'none' ? { gone: true } : value),
  z.strictObject({
    /** The table has evicted this half. */
    gone: z.literal(true).optional(),
    state: stateName.optional(),
    fin: z.boolean().optional(),
    local: z.boolean().optional(),
    /** The target may ask for its header. */
    ask: z.boolean().default(false),
    /** Last acknowledgement number and initial sequence number; 0: none was seen. */
    acked: count.default(0),
    isn: count.default(0),
    packets: count.default(0),
    bytes: count.default(0),
    /** Bound late: what is added to its sequence numbers, if `ahead` does not say it. */
    adds: count.optional(),
    /** Epochs ago. */
    seen: count.optional(),
    created: count.optional(),
    hop: notation(parseHop).default({ kind: 'none' }),
  }),
);
type Half = z.infer<typeof half>;

const flow = z.strictObject({
  flow: notation(parseFlowLine),
  state: stateName.optional(),
  /** The header of the PROXY protocol: whether the target has acknowledged it; default: it gets none. */
  header: z.enum(['held', 'delivered']).optional(),
  /** Bound late: how far the target's numbers are ahead of ours, how windows are scaled, and whether bytes are held. */
  late: z
    .strictObject({ ahead: count, scale: notation(parseScale), held: z.boolean().default(false) })
    .optional(),
  proxy: count.default(0),
  target: count.default(0),
  seen: count.default(0),
  created: count.default(0),
  forward: half.default(half.parse({})),
  reply: half.default(half.parse({})),
});
type Flow = z.infer<typeof flow>;

/** The ways of a flow's packets from the client: as they come in, and as they leave. */
interface FlowLine {
  readonly protocol: Protocol;
  readonly in: Tuple;
  readonly out: Tuple;
  readonly snat: boolean;
}

/**
 * Flows of a table, two rows each. A flow is a line, `tcp CLIENT > LISTENER => TARGET`, in snat mode
 * `tcp CLIENT > LISTENER => BALANCER > TARGET`, or an object with that line as `flow` and what is not default.
 * @param begin state of the halves when nothing else is said of a TCP flow
 */
export function flowRows(begin: 'syn' | 'established') {
  const lineOrObject = z.preprocess((value) => (typeof value === 'string' ? { flow: value } : value), flow);
  return z.array(lineOrObject).transform((all) => all.flatMap((each) => rowsOf(each, begin)));
}

function rowsOf(each: Flow, begin: 'syn' | 'established'): readonly FlowRow[] {
  const { in: key, out, snat, protocol } = each.flow;
  const state = each.state ?? (protocol === 'udp' ? 'udp' : begin);
  const common = { protocol, state, snat, proxy: each.proxy, target: each.target };
  const row = (direction: FlowRow['direction'], from: Tuple, to: Tuple, what: Half): FlowRow => ({
    ...common,
    in: from,
    out: to,
    direction,
    state: what.state ?? state,
    fin: what.fin ?? false,
    local: what.local ?? false,
    acked: what.acked,
    isn: what.isn,
    packets: what.packets,
    bytes: what.bytes,
    seenEpochsAgo: what.seen ?? each.seen,
    createdEpochsAgo: what.created ?? each.created,
    hop: what.hop,
    ...(each.header && { header: { held: each.header === 'held', ask: what.ask } }),
    ...(each.late && { late: lateRow(each.late, direction, what.adds) }),
  });
  return [
    ...(each.forward.gone ? [] : [row('forward', key, out, each.forward)]),
    ...(each.reply.gone ? [] : [row('reply', turned(out), turned(key), each.reply)]),
  ];
}

/** The client is to see less by `ahead`, the target more. */
function lateRow(
  { ahead, scale, held }: NonNullable<Flow['late']>,
  direction: FlowRow['direction'],
  adds: number | undefined,
): LateRow {
  const [seqDelta, ackDelta] = direction === 'forward' ? [0, ahead] : [(2 ** 32 - ahead) % 2 ** 32, 0];
  return { seqDelta: adds ?? seqDelta, ackDelta, scales: scale, held };
}

/**
 * Reads how windows are scaled: `target 7` (the scale that the target has announced), `client 7` (the target has announced none,
 * the client this one), `none` (the client has announced none).
 * @throws SyntaxError
 */
export function parseScale(text: string): LateRow['scales'] {
  if (text === 'none') return null;
  const match = /^(?<side>target|client) (?<scale>\d+)$/.exec(text);
  const scale = Number(match?.groups?.scale);
  if (!match || scale > 14) {
    throw new SyntaxError(`'${text}' is no scale: write 'target 7', 'client 7' or 'none'; none is above 14`);
  }
  // Nothing is scaled by 0, whoever has announced it.
  return match.groups?.side === 'client' && scale > 0
    ? { client: scale, target: null }
    : { client: 0, target: scale };
}

/** Reads the line of a flow. @throws SyntaxError */
export function parseFlowLine(text: string): FlowLine {
  const match = /^(?<protocol>tcp|udp) (?<before>.+) => (?<after>.+)$/.exec(text);
  const { protocol, before = '', after = '' } = match?.groups ?? {};
  if (protocol !== 'tcp' && protocol !== 'udp') {
    throw new SyntaxError(
      `'${text}' is no flow: write 'tcp CLIENT > LISTENER => TARGET', each as address:port`,
    );
  }
  const key = parseTuple(before);
  if (after.includes(' > ')) {
    parseArrow(after);
    return { protocol, in: key, out: parseTuple(after), snat: true };
  }
  const target = parseEndpoint(after);
  const out = { ...key, destination: target.address, destinationPort: target.port };
  return { protocol, in: key, out, snat: false };
}
