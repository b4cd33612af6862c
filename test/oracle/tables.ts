import type {
  FlowRow,
  FragmentRow,
  HopRow,
  LateRow,
  Protocol,
  RuleRow,
  State,
  Tuple,
} from '../engines/index.ts';
import { addressHex, addressText, holds, macHex, macText, type Prefix, prefixOf } from './address.ts';
import { loadSlots, type Slots } from './late/slots.ts';
import { type HexTuple, tupleKey } from './packet.ts';
import { bucketOf, loadSources, type Rates } from './rate.ts';
import { loadTelling, type Telling } from './tell.ts';

/** The next hop that a flow remembers, and the epoch in which it was asked for. */
export interface Hop {
  readonly epoch: number;
  readonly ifindex: number;
  readonly destinationMac: string;
  readonly sourceMac: string;
  readonly mtu: number;
}

/** One half of a flow. Times are epochs of about a second. */
export interface Half {
  readonly protocol: Protocol;
  readonly in: HexTuple;
  readonly out: HexTuple;
  readonly direction: 'forward' | 'reply';
  state: FlowRow['state'];
  fin: boolean;
  readonly snat: boolean;
  readonly local: boolean;
  readonly proxy: number;
  readonly target: number;
  acked: number;
  isn: number;
  packets: number;
  bytes: number;
  seen: number;
  readonly created: number;
  hop?: Hop | undefined;
  late?: LateRow;
  header?: NonNullable<FlowRow['header']>;
}

/** Halves by the tuple of the packets that come in. */
export type FlowTable = Map<string, Half>;

/** Ports that a first fragment has taught. */
export interface FragmentPorts {
  readonly row: Omit<FragmentRow, 'epochsAgo'>;
  readonly epoch: number;
}

/** A target, with addresses as the oracle writes them. */
export interface Target {
  readonly address: string;
  readonly port: number;
  readonly proxy: number;
  readonly local: boolean;
  readonly proxyHeader: boolean;
  readonly snatAddress?: string;
  readonly limit?: RuleRow;
}

/** What a listener leads to. */
export interface Listener {
  readonly proxy: number;
  readonly pool: number;
  readonly sourceRoutes: boolean;
  readonly snat: boolean;
  readonly sourceLimit: boolean;
  readonly sniRoutes: boolean;
  readonly mss: number;
}

/** A source route. */
export interface SourceRoute {
  readonly proxy: number;
  readonly prefix: Prefix;
  readonly pool: number;
}

/** Everything that is looked up. Tables here are never full. */
export interface Tables {
  readonly pools: readonly (readonly number[])[];
  readonly choices: NonNullable<State['choices']>;
  /** By pool: connections dealt out in turn. */
  readonly turns: Map<number, number>;
  readonly targets: readonly Target[];
  readonly listeners: ReadonlyMap<string, Listener>;
  readonly sourceRoutes: readonly SourceRoute[];
  readonly flows: FlowTable;
  readonly pending: FlowTable;
  readonly fragments: Map<string, FragmentPorts>;
  readonly rates: Rates;
  /** Pools by {@link nameKey}. */
  readonly names: ReadonlyMap<string, number>;
  readonly secrets: readonly string[];
  /** Bytes that wait for a target. */
  readonly slots: Slots;
  readonly telling: Telling;
  /** Texts of addresses that were asked for already. */
  readonly texts: Map<string, string>;
}

/** Text by which listeners are found. */
export function listenerKey(protocol: string, address: string, port: number): string {
  return `${protocol} ${address} ${port}`;
}

/** Text by which the ports of a datagram are found (RFC 791, 3.2; RFC 8200, 4.5). */
export function fragmentKey(source: string, destination: string, id: number, protocol: string): string {
  return `${protocol} ${source} ${destination} ${id}`;
}

/** Fills tables from a state, at the epoch `now`. */
export function loadTables(state: State, now: number): Tables {
  return {
    pools: state.pools,
    choices: state.choices ?? {},
    turns: new Map(Object.entries(state.choices ?? {}).map(([id, { turns }]) => [Number(id), turns ?? 0])),
    targets: state.targets.map(({ address, port, proxy, local, proxyHeader, snatAddress, limit }) => ({
      address: addressHex(address),
      port,
      proxy,
      local: local ?? false,
      proxyHeader: proxyHeader ?? false,
      ...(snatAddress === undefined ? {} : { snatAddress: addressHex(snatAddress) }),
      ...(limit === undefined ? {} : { limit }),
    })),
    listeners: new Map(
      state.listeners.map(({ address, port, protocol, ...row }) => [
        listenerKey(protocol, addressHex(address), port),
        {
          proxy: row.proxy,
          pool: row.pool,
          sourceRoutes: row.sourceRoutes ?? false,
          snat: row.snat ?? false,
          sourceLimit: row.sourceLimit ?? false,
          sniRoutes: row.sniRoutes ?? false,
          mss: row.mss ?? 0,
        },
      ]),
    ),
    sourceRoutes: state.sourceRoutes.map(({ prefix, ...rest }) => ({ ...rest, prefix: prefixOf(prefix) })),
    flows: loadFlows(state.flows, now),
    pending: loadFlows(state.pending, now),
    fragments: new Map(state.fragments.map((row) => fragmentEntry(row, now))),
    rates: loadRates(state, now),
    names: new Map(
      (state.sniRoutes ?? []).map(({ proxy, name, family, pool }) => [
        nameKey(proxy, name, family === 4),
        pool,
      ]),
    ),
    secrets: state.secrets ?? [],
    slots: loadSlots(state),
    telling: loadTelling(state.tell, state.told ?? [], now),
    texts: new Map(),
  };
}

/** The pool of the most specific source route that holds the client; undefined if none does. */
export function routedPool(tables: Tables, proxy: number, client: string): number | undefined {
  const matching = tables.sourceRoutes.filter(
    (route) => route.proxy === proxy && holds(route.prefix, client),
  );
  const longest = Math.max(...matching.map(({ prefix }) => prefix.length));
  return matching.find(({ prefix }) => prefix.length === longest)?.pool;
}

/** The SNI route of a host name: its own, else that of `*.` and what follows its first label. */
export function pointedRoute(
  { names }: Tables,
  proxy: number,
  name: string,
  v4: boolean,
): { readonly name: string; readonly pool: number } | undefined {
  const parents = name.includes('.') ? [`*${name.slice(name.indexOf('.'))}`] : [];
  return [name, ...parents]
    .map((candidate) => ({ name: candidate, pool: names.get(nameKey(proxy, candidate, v4)) }))
    .find((route): route is { name: string; pool: number } => route.pool !== undefined);
}

function nameKey(proxy: number, name: string, v4: boolean): string {
  return `${proxy} ${v4 ? 4 : 6} ${name}`;
}

/** Rows of a flow table, at the epoch `now`. */
export function flowRows(
  { texts }: Pick<Tables, 'texts'>,
  table: FlowTable,
  now: number,
): readonly FlowRow[] {
  return [...table.values()].map(({ seen, created, hop, ...half }) => ({
    ...half,
    in: tupleRow(half.in, texts),
    out: tupleRow(half.out, texts),
    seenEpochsAgo: now - seen,
    createdEpochsAgo: now - created,
    hop: hopRow(hop, now),
  }));
}

/** Rows of the table of fragments, at the epoch `now`. */
export function fragmentRows(table: Tables['fragments'], now: number): readonly FragmentRow[] {
  return [...table.values()].map(({ row, epoch }) => ({ ...row, epochsAgo: now - epoch }));
}

function loadRates({ sourceLimits = [], sourceBuckets = [], targets }: State, now: number): Rates {
  return {
    limits: new Map(sourceLimits.map((limit) => [limit.proxy, limit])),
    sources: loadSources(sourceBuckets, now),
    targets: new Map(targets.flatMap(({ bucket }, id) => (bucket ? [[id, bucketOf(bucket, now)]] : []))),
  };
}

function fragmentEntry({ epochsAgo, ...row }: FragmentRow, now: number): [string, FragmentPorts] {
  const key = fragmentKey(addressHex(row.source), addressHex(row.destination), row.id, row.protocol);
  return [key, { row, epoch: now - epochsAgo }];
}

function loadFlows(rows: readonly FlowRow[], now: number): FlowTable {
  return new Map(
    rows.map(({ seenEpochsAgo, createdEpochsAgo, hop, ...row }) => {
      const half: Half = {
        ...row,
        in: hexTuple(row.in),
        out: hexTuple(row.out),
        seen: now - seenEpochsAgo,
        created: now - createdEpochsAgo,
        hop: loadHop(hop, now),
      };
      return [tupleKey(half.protocol, half.in), half];
    }),
  );
}

function loadHop(row: HopRow, now: number): Hop | undefined {
  if (row.kind === 'none') return undefined;
  return {
    epoch: row.kind === 'fresh' ? now : now - 1,
    ifindex: row.ifindex,
    destinationMac: macHex(row.destinationMac),
    sourceMac: macHex(row.sourceMac),
    mtu: row.mtu,
  };
}

function hopRow(hop: Hop | undefined, now: number): HopRow {
  if (!hop) return { kind: 'none' };
  return {
    kind: hop.epoch === now ? 'fresh' : 'stale',
    ifindex: hop.ifindex,
    destinationMac: macText(hop.destinationMac),
    sourceMac: macText(hop.sourceMac),
    mtu: hop.mtu,
  };
}

function hexTuple(tuple: Tuple): HexTuple {
  return { ...tuple, source: addressHex(tuple.source), destination: addressHex(tuple.destination) };
}

function tupleRow(tuple: HexTuple, texts: Map<string, string>): Tuple {
  const { sourcePort, destinationPort } = tuple;
  return {
    source: textOf(tuple.source, texts),
    sourcePort,
    destination: textOf(tuple.destination, texts),
    destinationPort,
  };
}

function textOf(hex: string, texts: Map<string, string>): string {
  const known = texts.get(hex);
  if (known !== undefined) return known;
  const text = addressText(hex);
  texts.set(hex, text);
  return text;
}
