/** Setups: proxies and flows as choices, from which the rows of a state are made. */
import fc from 'fast-check';
import type { FlowRow, HopRow, PoolChoice, Protocol, State, TargetRow, Tuple } from '../../engines/index.ts';
import { addressHex, holds, prefixOf } from '../address.ts';
import {
  bucketRow,
  type LimitChoice,
  limitArbitrary,
  sourceBucketRows,
  sourceLimitRow,
} from './limit-choice.ts';
import { type Family, FIRST_LISTEN_PORT, type Place, STAGES, TARGET_PORT } from './stage.ts';

/** A proxy as choices. */
export interface ProxyChoice {
  readonly family: Family;
  readonly snat: boolean;
  /** How its pools pick a slot; absent: at random. */
  readonly choice?: PoolChoice;
  readonly protocols: readonly Protocol[];
  readonly sourceLimit: LimitChoice | null;
  readonly targetLimit: LimitChoice | null;
  /** Places of the targets in the default pool. */
  readonly targets: readonly number[];
  /** Source routes: which prefix, which places. */
  readonly routes: readonly { readonly prefix: number; readonly targets: readonly number[] }[];
}

/** A target of a set-up. */
export interface StageTarget {
  readonly id: number;
  readonly row: TargetRow;
  readonly place: Place;
}

/** A proxy with its tables. */
export interface StageProxy {
  readonly id: number;
  readonly choice: ProxyChoice;
  readonly port: number;
  readonly pool: readonly StageTarget[];
  readonly poolId: number;
  readonly routes: readonly {
    readonly prefix: string;
    readonly poolId: number;
    readonly pool: readonly StageTarget[];
  }[];
}

/** Choices of a proxy. `chance`: whether pools may have more than one target. */
export function proxyArbitrary(chance: boolean): fc.Arbitrary<ProxyChoice> {
  const turns = fc.constantFrom(0, 1, 2 ** 32 - 1);
  const choice = fc.oneof(
    fc.record({ algorithm: fc.constantFrom<PoolChoice['algorithm']>('source-hash', 'maglev') }),
    fc.record({ algorithm: fc.constant<PoolChoice['algorithm']>('round-robin'), turns }),
  );
  return fc.oneof(
    { weight: 2, arbitrary: proxyOf(chance ? 3 : 1) },
    {
      weight: 1,
      arbitrary: fc.tuple(proxyOf(3), choice).map(([proxy, how]) => ({ ...proxy, choice: how })),
    },
  );
}

/** Choices of a proxy that picks at random, among at most so many targets. */
function proxyOf(mostTargets: number): fc.Arbitrary<ProxyChoice> {
  const place = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(0, 0, 1) },
    { weight: 4, arbitrary: fc.nat({ max: STAGES.v4.targets.length - 1 }) },
  );
  const pool = fc.oneof(
    { weight: 14, arbitrary: fc.array(place, { minLength: 1, maxLength: mostTargets }) },
    { weight: 1, arbitrary: fc.constant([]) },
  );
  return fc.record({
    family: fc.constantFrom<Family>('v4', 'v6'),
    snat: fc.boolean(),
    protocols: fc.constantFrom<readonly Protocol[]>(['tcp', 'udp'], ['tcp'], ['udp']),
    sourceLimit: limitArbitrary(),
    targetLimit: limitArbitrary(),
    targets: pool,
    routes: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      {
        weight: 1,
        arbitrary: fc.array(fc.record({ prefix: fc.nat({ max: 5 }), targets: pool }), { maxLength: 3 }),
      },
    ),
  });
}

/** Numbers proxies, targets and pools. */
export function stageProxies(choices: readonly ProxyChoice[]): readonly StageProxy[] {
  let targets = 0;
  let pools = 0;
  const poolOf = (proxy: number, choice: ProxyChoice, places: readonly number[]): readonly StageTarget[] =>
    places.map((index, position) => {
      const place = STAGES[choice.family].targets[index] ?? { address: '', ifindex: 0 };
      const row = { ...targetRow(proxy, place), ...limitOf(choice, position) };
      return { id: targets++, place, row };
    });
  return choices.map((choice, id) => ({
    id,
    choice,
    port: FIRST_LISTEN_PORT + id,
    poolId: pools++,
    pool: poolOf(id, choice, choice.targets),
    routes: uniquePrefixes(choice).map(({ prefix, targets: places }) => ({
      prefix: STAGES[choice.family].prefixes[prefix] ?? '',
      poolId: pools++,
      pool: poolOf(id, choice, places),
    })),
  }));
}

/** The pool that a client of a proxy is sent to. */
export function poolFor(proxy: StageProxy, client: string): readonly StageTarget[] {
  const matching = proxy.routes
    .map((route) => ({ ...route, parsed: prefixOf(route.prefix) }))
    .filter(({ parsed }) => holds(parsed, addressHex(client)))
    .sort((a, b) => b.parsed.length - a.parsed.length);
  return matching[0]?.pool ?? proxy.pool;
}

/** The tables of the proxies; flows are added by the caller. */
export function proxyRows(
  proxies: readonly StageProxy[],
): Pick<
  State,
  'pools' | 'choices' | 'targets' | 'listeners' | 'sourceRoutes' | 'sourceLimits' | 'sourceBuckets'
> {
  const pools = proxies.flatMap(({ poolId, pool, routes }) => [{ poolId, pool }, ...routes]);
  return {
    choices: Object.fromEntries(proxies.flatMap(choicesOf)),
    pools: pools.sort((a, b) => a.poolId - b.poolId).map(({ pool }) => pool.map(({ id }) => id)),
    targets: pools.flatMap(({ pool }) => pool.map(({ row }) => row)),
    listeners: proxies.flatMap(({ id, choice, port, poolId, routes }) =>
      choice.protocols.map((protocol) => ({
        address: STAGES[choice.family].listen,
        port,
        protocol,
        proxy: id,
        pool: poolId,
        ...(routes.length > 0 ? { sourceRoutes: true } : {}),
        ...(choice.snat ? { snat: true } : {}),
        ...(choice.sourceLimit ? { sourceLimit: true } : {}),
      })),
    ),
    sourceRoutes: proxies.flatMap(({ id, routes }) =>
      routes.map(({ prefix, poolId }) => ({ proxy: id, prefix, pool: poolId })),
    ),
    sourceLimits: proxies.flatMap(({ id, choice: { sourceLimit } }) =>
      sourceLimit ? [sourceLimitRow(id, sourceLimit)] : [],
    ),
    sourceBuckets: proxies.flatMap(({ id, choice: { sourceLimit, family } }) =>
      sourceLimit ? sourceBucketRows(id, family, sourceLimit) : [],
    ),
  };
}

function choicesOf({ choice, poolId, routes }: StageProxy): readonly (readonly [number, PoolChoice])[] {
  const how = choice.choice;
  return how === undefined ? [] : [poolId, ...routes.map((route) => route.poolId)].map((id) => [id, how]);
}

/** The tuple of the packets that come the other way. */
export function turnedRow(tuple: Tuple): Tuple {
  return {
    source: tuple.destination,
    sourcePort: tuple.destinationPort,
    destination: tuple.source,
    destinationPort: tuple.sourcePort,
  };
}

/** What is remembered of a next hop; the answer need not be one that the world would give. */
export function hopArbitrary(): fc.Arbitrary<HopRow> {
  const known = fc.record({
    kind: fc.constantFrom<'stale' | 'fresh'>('stale', 'fresh', 'fresh'),
    ifindex: fc.constantFrom(10, 11, 12, 13),
    destinationMac: fc.constant('02:00:00:00:0f:0e'),
    sourceMac: fc.constant('02:00:00:00:0f:0d'),
    mtu: fc.constantFrom(1500, 1280, 60),
  });
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant<HopRow>({ kind: 'none' }) },
    { weight: 3, arbitrary: known },
  );
}

/** A row that a set-up may hold twice under one key keeps the last. */
export function uniqueFlows(rows: readonly FlowRow[]): readonly FlowRow[] {
  return [...new Map(rows.map((row) => [`${row.protocol} ${JSON.stringify(row.in)}`, row])).values()];
}

function uniquePrefixes(choice: ProxyChoice): ProxyChoice['routes'] {
  return [...new Map(choice.routes.map((route) => [route.prefix, route])).values()];
}

/** The first targets of a pool have the limit, the others none: so that some of a pool may be full. */
function limitOf({ targetLimit }: ProxyChoice, position: number): Pick<TargetRow, 'limit' | 'bucket'> {
  if (!targetLimit || position === 2) return {};
  const { rule, owed } = targetLimit;
  return { limit: rule, bucket: bucketRow(rule, owed[position] ?? 0) };
}

function targetRow(proxy: number, place: Place): TargetRow {
  return {
    address: place.address,
    port: TARGET_PORT,
    proxy,
    ...(place.local ? { local: true } : {}),
    ...(place.snatAddress === undefined ? {} : { snatAddress: place.snatAddress }),
  };
}
