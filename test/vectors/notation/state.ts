import { z } from 'zod';
import type {
  FragmentRow,
  ListenerRow,
  PoolChoice,
  SniRouteRow,
  SourceRouteRow,
  State,
  TargetRow,
} from '../../engines/index.ts';
import { parseAddress, parseArrow, parseEndpoint } from './endpoint.ts';
import { tell, toldRows } from './event.ts';
import { flowRows } from './flow.ts';
import { heldRows } from './held.ts';
import { bucketRows, parseBucket, parseRule, sourceLimits } from './rate.ts';
import { notation } from './syntax.ts';

const fragment = z.strictObject({
  fragment: notation(parseFragmentLine),
  id: z.number().int().min(0),
  ports: z.tuple([z.number().int(), z.number().int()]),
  seen: z.number().int().min(0).default(0),
});

/** Rows of the table of fragmented datagrams: `{fragment: udp A > B, id: 7, ports: [5000, 53], seen: EPOCHS AGO}`. */
export const fragmentRows = z.array(
  fragment.transform(
    (row): FragmentRow => ({
      ...row.fragment,
      id: row.id,
      sourcePort: row.ports[0],
      destinationPort: row.ports[1],
      epochsAgo: row.seen,
    }),
  ),
);

const targetIds = z.array(z.number().int().min(0));
const choice = z.strictObject({
  slots: targetIds,
  algorithm: z.enum(['source-hash', 'maglev', 'round-robin']),
  turns: z.number().int().min(0).optional(),
});

/** Pools, by slots: `[0, 0, 1]`, or `{slots: [0, 1], algorithm: round-robin, turns: 5}`. */
const pools = z.array(z.union([targetIds, choice])).transform(
  (all): Pick<State, 'pools' | 'choices'> => ({
    pools: all.map((pool) => ('slots' in pool ? pool.slots : pool)),
    choices: Object.fromEntries(all.flatMap((pool, id) => ('slots' in pool ? [[id, choiceOf(pool)]] : []))),
  }),
);

function choiceOf({ algorithm, turns }: z.infer<typeof choice>): PoolChoice {
  return { algorithm, ...(turns === undefined ? {} : { turns }) };
}

/** What the tables hold; see test/vectors/README.md for the notation. */
const stateShape = {
  targets: z.array(notation(parseTarget)),
  pools,
  listeners: z.array(notation(parseListener)),
  routes: z.array(notation(parseRoute)),
  flows: flowRows('established'),
  pending: flowRows('syn'),
  fragments: fragmentRows,
  held: heldRows,
  secrets: z.array(z.string().regex(/^[0-9a-f]{32}$/, 'expected 16 bytes in hex')),
  names: z.array(notation(parseName)),
  limits: sourceLimits,
  buckets: bucketRows,
  tell,
  told: toldRows,
};

/** Any part of a state. */
export const partialState = z.strictObject(stateShape).partial();
export type PartialState = z.infer<typeof partialState>;

/** A state of parts, of which later ones replace earlier ones, table by table. */
export function stateOf(...parts: readonly PartialState[]): State {
  const last = <Table extends keyof PartialState>(table: Table): PartialState[Table] =>
    parts.findLast((part) => part[table] !== undefined)?.[table];
  const tells = last('tell');
  return {
    targets: last('targets') ?? [],
    ...(last('pools') ?? { pools: [] }),
    listeners: last('listeners') ?? [],
    sourceRoutes: last('routes') ?? [],
    flows: last('flows') ?? [],
    pending: last('pending') ?? [],
    fragments: last('fragments') ?? [],
    held: last('held')?.held ?? [],
    slots: last('held')?.slots ?? {},
    secrets: last('secrets') ?? [],
    sniRoutes: last('names') ?? [],
    sourceLimits: last('limits') ?? [],
    sourceBuckets: last('buckets') ?? [],
    told: last('told') ?? [],
    ...(tells === undefined ? {} : { tell: tells }),
  };
}

/** `10.2.0.2:8080`, then any of `proxy N`, `local`, `header`, `snat ADDRESS`, `limit BURST/EPOCHS`, `owes EPOCHS`. */
function parseTarget(text: string): TargetRow {
  const [endpoint = '', ...words] = text.split(' ');
  const { address, port } = parseEndpoint(endpoint);
  const { proxy, local, header, snat, limit, owes } = options(words, {
    proxy: 'value',
    local: 'flag',
    header: 'flag',
    snat: 'value',
    limit: 'value',
    owes: 'value',
  });
  return {
    address,
    port,
    proxy: Number(proxy ?? 0),
    ...(local === undefined ? {} : { local: true }),
    ...(header === undefined ? {} : { proxyHeader: true }),
    ...(snat === undefined ? {} : { snatAddress: parseAddress(snat) }),
    ...(limit === undefined ? {} : { limit: parseRule(limit) }),
    ...(owes === undefined ? {} : { bucket: parseBucket(owes) }),
  };
}

/** `tcp 10.1.0.1:80 pool 0`, then any of `proxy N`, `snat`, `routes`, `limited`, `names`. */
function parseListener(text: string): ListenerRow {
  const [protocol, endpoint = '', ...words] = text.split(' ');
  if (protocol !== 'tcp' && protocol !== 'udp')
    throw new SyntaxError(`a listener begins with tcp or udp: '${text}'`);
  const { address, port } = parseEndpoint(endpoint);
  const { pool, proxy, snat, routes, limited, names } = options(words, {
    pool: 'value',
    proxy: 'value',
    snat: 'flag',
    routes: 'flag',
    limited: 'flag',
    names: 'flag',
  });
  return {
    address,
    port,
    protocol,
    proxy: Number(proxy ?? 0),
    pool: Number(pool ?? 0),
    ...(snat === undefined ? {} : { snat: true }),
    ...(routes === undefined ? {} : { sourceRoutes: true }),
    ...(limited === undefined ? {} : { sourceLimit: true }),
    ...(names === undefined ? {} : { sniRoutes: true }),
  };
}

/** `203.0.113.0/24 pool 1`, then `proxy N`. */
function parseRoute(text: string): SourceRouteRow {
  const [prefix = '', ...words] = text.split(' ');
  parseAddress(prefix.replace(/\/\d+$/, ''));
  const { pool, proxy } = options(words, { pool: 'value', proxy: 'value' });
  return { prefix, pool: Number(pool ?? 0), proxy: Number(proxy ?? 0) };
}

/** `a.example pool 1`, then any of `proxy N`, `v6`. */
function parseName(text: string): SniRouteRow {
  const [name = '', ...words] = text.split(' ');
  const { pool, proxy, v6 } = options(words, { pool: 'value', proxy: 'value', v6: 'flag' });
  return { name, pool: Number(pool ?? 0), proxy: Number(proxy ?? 0), family: v6 === undefined ? 4 : 6 };
}

function parseFragmentLine(text: string): Pick<FragmentRow, 'protocol' | 'source' | 'destination'> {
  const [protocol, ...rest] = text.split(' ');
  if (protocol !== 'tcp' && protocol !== 'udp')
    throw new SyntaxError(`a datagram is of tcp or udp: '${text}'`);
  const [source = '', destination = ''] = parseArrow(rest.join(' ')).map(parseAddress);
  return { protocol, source, destination };
}

/** Reads `name value` and `name` words. @throws SyntaxError for a word that is not known */
function options<Name extends string>(
  words: readonly string[],
  known: Readonly<Record<Name, 'flag' | 'value'>>,
): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {};
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (!isOne(known, word)) throw new SyntaxError(`'${word}' is none of ${Object.keys(known).join(', ')}`);
    const value = known[word] === 'flag' ? '' : words[++at];
    if (value === undefined) throw new SyntaxError(`'${word}' must be followed by its value`);
    found[word] = value;
  }
  return found;
}

function isOne<Name extends string>(known: Readonly<Record<Name, unknown>>, word: string): word is Name {
  return Object.hasOwn(known, word);
}
