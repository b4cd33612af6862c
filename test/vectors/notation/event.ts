import { z } from 'zod';
import type { EventRow, TellRow, ToldRow } from '../../engines/index.ts';
import { turned } from './endpoint.ts';
import { parseFlowLine } from './flow.ts';
import { notation } from './syntax.ts';

const count = z.number().int().min(0);
/** [packets, bytes] */
const traffic = z.tuple([count, count]).transform(([packets, bytes]) => ({ packets, bytes }));

/** What is told of a flow, but for its line; times are epochs ago. */
const fields = {
  route: z.enum(['default', 'source', 'sni']).default('default'),
  name: z.string().default(''),
  proxy: count.default(0),
  target: count.default(0),
  opened: count.default(0),
  seen: count.default(0),
  forward: traffic.default({ packets: 0, bytes: 0 }),
  backward: traffic.default({ packets: 0, bytes: 0 }),
  incomplete: z.boolean().default(false),
};
const told = z.strictObject({ flow: notation(parseFlowLine), ...fields });
const event = z.strictObject({ event: notation(parseEventLine), ...fields });

/** Of how many flows one is told of, and whether also when it is opened: `{oneIn: 1, opened: true}`. */
export const tell = z.strictObject({ oneIn: count, opened: z.boolean() }) satisfies z.ZodType<TellRow>;

/** Flows that are told of: `{flow: tcp CLIENT > LISTENER => TARGET, forward: [3, 300], opened: EPOCHS AGO}`. */
export const toldRows = z.array(told.transform(({ flow, ...row }): ToldRow => rowOf(flow, row)));

/** What is told: `{event: fin tcp CLIENT > LISTENER => TARGET, ...}`; `opened` instead of `fin` for a flow that has just been. */
export const eventRows = z.array(
  event.transform(({ event: { end, flow }, ...row }): EventRow => ({ ...rowOf(flow, row), end })),
);

type Line = ReturnType<typeof parseFlowLine>;

function rowOf(line: Line, { opened, seen, ...row }: Omit<z.infer<typeof told>, 'flow'>): ToldRow {
  return {
    ...row,
    protocol: line.protocol,
    client: line.in,
    reply: turned(line.out),
    openedEpochsAgo: opened,
    seenEpochsAgo: seen,
  };
}

const ENDS = {
  opened: 'none',
  fin: 'fin',
  rst: 'rst',
  refused: 'refused',
  timeout: 'timeout',
  evicted: 'evicted',
} as const;

function parseEventLine(text: string): { readonly end: EventRow['end']; readonly flow: Line } {
  const [word = '', ...rest] = text.split(' ');
  const end = Object.entries(ENDS).find(([name]) => name === word)?.[1];
  if (end === undefined) throw new SyntaxError(`'${word}' is none of ${Object.keys(ENDS).join(', ')}`);
  return { end, flow: parseFlowLine(rest.join(' ')) };
}
